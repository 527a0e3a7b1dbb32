from django.urls import path

from accounts.views import delegations, people, people_files, sign_in, teams

app_name = "accounts"

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("password/", sign_in.password_change, name="password_change"),
    path("password/reset/", sign_in.password_reset, name="password_reset"),
    path("password/reset/sent/", sign_in.password_reset_done, name="password_reset_done"),
    path(
        "password/reset/<uidb64>/<token>/",
        sign_in.password_reset_confirm,
        name="password_reset_confirm",
    ),
    path(
        "password/reset/complete/",
        sign_in.password_reset_complete,
        name="password_reset_complete",
    ),
    path("people/", people.person_list, name="person_list"),
    path("people/add/", people.person_add, name="person_add"),
    path("people/import/", people_files.person_import, name="person_import"),
    path("people/<int:pk>/", people.person_detail, name="person_detail"),
    path("people/<int:pk>/change/", people.person_change, name="person_change"),
    path("people/<int:pk>/move/", people.person_move, name="person_move"),
    path("people/<int:pk>/roles/", people.person_roles, name="person_roles"),
    path("people/<int:pk>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/reactivate/", people.person_reactivate, name="person_reactivate"),
    path("people/<int:pk>/link/", people.person_link, name="person_link"),
    path("delegations/", delegations.delegation_list, name="delegation_list"),
    path("delegations/add/", delegations.delegation_add, name="delegation_add"),
    path("delegations/<int:pk>/end/", delegations.delegation_end, name="delegation_end"),
    path("teams/", teams.team_list, name="team_list"),
    path("teams/add/", teams.team_add, name="team_add"),
    path("teams/<int:pk>/", teams.team_detail, name="team_detail"),
    path("teams/<int:pk>/change/", teams.team_change, name="team_change"),
]
