import django.db.models as models
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_overrides_have_a_category")]

    operations = [
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("level__isnull", True), ("suggested_level__isnull", True)),
                    models.Q(
                        ("level", models.F("suggested_level")),
                        ("level__isnull", False),
                        ("suggested_level__isnull", False),
                    ),
                    models.Q(
                        models.Q(("justification", ""), _negated=True),
                        models.Q(("justification_category", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="sign_off_override_says_why",
            ),
        ),
    ]
