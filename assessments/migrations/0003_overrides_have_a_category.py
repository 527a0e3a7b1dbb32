from django.db import migrations
from django.db.models import F, Q


def name_a_category(apps, schema_editor):
    """Overrides that were signed before categories were asked for say "another reason"."""
    sign_offs = apps.get_model("assessments", "SignOff").objects.all()
    other_level = ~Q(level=F("suggested_level")) | Q(level=None) ^ Q(suggested_level=None)
    sign_offs.filter(other_level, justification_category="").update(justification_category="other")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_fair_judgement")]

    operations = [migrations.RunPython(name_a_category, migrations.RunPython.noop, elidable=True)]
