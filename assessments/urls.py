from django.urls import path

from assessments.views import (
    appointments,
    clerk,
    cycles,
    disputes,
    oversight,
    reconciling,
    review,
    rules,
    sign_offs,
    signing,
)

app_name = "assessments"

urlpatterns = [
    path("assessments/", clerk.assessment_list, name="assessment_list"),
    path("assessments/start/<int:cycle_pk>/", clerk.assessment_start, name="assessment_start"),
    path("assessments/<int:pk>/", clerk.assessment_detail, name="assessment_detail"),
    path("assessments/<int:pk>/rate/<int:rank>/", clerk.assessment_rate, name="assessment_rate"),
    path("assessments/<int:pk>/ratings/", clerk.rating_save, name="rating_save"),
    path("assessments/<int:pk>/submit/", clerk.assessment_submit, name="assessment_submit"),
    path("assessments/<int:pk>/withdraw/", clerk.assessment_withdraw, name="assessment_withdraw"),
    path("reviews/", review.review_queue, name="review_queue"),
    path(
        "assessments/<int:pk>/review/<int:rank>/",
        review.assessment_review,
        name="assessment_review",
    ),
    path("assessments/<int:pk>/take-over/", review.review_take_over, name="review_take_over"),
    path("assessments/<int:pk>/complete-review/", review.review_complete, name="review_complete"),
    path(
        "assessments/<int:pk>/reconcile/",
        reconciling.assessment_reconcile,
        name="assessment_reconcile",
    ),
    path(
        "assessments/<int:pk>/reconcile/<int:statement_pk>/",
        reconciling.reconcile_answer,
        name="reconcile_answer",
    ),
    path(
        "assessments/<int:pk>/reconcile/<int:statement_pk>/take-back/",
        reconciling.reconcile_take_back,
        name="reconcile_take_back",
    ),
    path(
        "assessments/<int:pk>/reconcile/<int:statement_pk>/no-answer/",
        reconciling.reconcile_no_answer,
        name="reconcile_no_answer",
    ),
    path(
        "assessments/<int:pk>/sign-off/",
        signing.assessment_sign_off,
        name="assessment_sign_off",
    ),
    path("assessments/<int:pk>/return/", signing.assessment_return, name="assessment_return"),
    path("assessments/<int:pk>/close/", signing.assessment_close, name="assessment_close"),
    path("cycles/", cycles.cycle_list, name="cycle_list"),
    path("cycles/open/", cycles.cycle_open, name="cycle_open"),
    path("cycles/<int:pk>/", cycles.cycle_detail, name="cycle_detail"),
    path("cycles/<int:pk>/close/", cycles.cycle_close, name="cycle_close"),
    path("rules/", rules.rule_list, name="rule_list"),
    path("rules/add/", rules.rule_add, name="rule_add"),
    path("rules/<int:pk>/", rules.rule_detail, name="rule_detail"),
    path("oversight/", oversight.oversight, name="oversight"),
    path("appointments/", appointments.appointment_list, name="appointment_list"),
    path("appointments/add/", appointments.appointment_add, name="appointment_add"),
    path("appointments/<int:pk>/end/", appointments.appointment_end, name="appointment_end"),
    path("sign-offs/", cycles.sign_off_list, name="sign_off_list"),
    path("sign-offs/<int:pk>/second/", sign_offs.sign_off_second, name="sign_off_second"),
    path("sign-offs/<int:pk>/decline/", sign_offs.sign_off_decline, name="sign_off_decline"),
    path(
        "sign-offs/<int:pk>/acknowledge/",
        sign_offs.sign_off_acknowledge,
        name="sign_off_acknowledge",
    ),
    path("sign-offs/<int:pk>/dispute/", sign_offs.dispute_open, name="dispute_open"),
    path("disputes/<int:pk>/", disputes.dispute_detail, name="dispute_detail"),
    path(
        "disputes/<int:pk>/decider/",
        disputes.dispute_name_decider,
        name="dispute_name_decider",
    ),
    path("disputes/<int:pk>/rate/", disputes.dispute_rate, name="dispute_rate"),
    path("disputes/<int:pk>/decide/", disputes.dispute_decide, name="dispute_decide"),
]
