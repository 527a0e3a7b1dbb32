from typing import Any

from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, queries
from accounts.forms import (
    DeactivateForm,
    MoveForm,
    NewPersonForm,
    PersonFilterForm,
    PersonForm,
    RolesForm,
)
from accounts.models import User
from accounts.permissions import is_administrator
from accounts.views import handing_over
from accounts.views.handing_over import ask_first
from accounts.views.requests import SignedIn

PAGE_LENGTH = 50


@require_safe
def person_list(request: SignedIn) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    form = PersonFilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"search": "", "team": None}
    found = queries.people(**asked)
    page = Paginator(found.filter(is_active=True), PAGE_LENGTH).get_page(request.GET.get("page"))
    inactive = found.filter(is_active=False)
    context = {
        "form": form,
        "is_filtered": any(asked.values()),
        "page": page,
        "rows": queries.person_rows(page.object_list),
        "inactive": inactive[:PAGE_LENGTH],
        "inactive_count": inactive.count(),
        "unsupervised": queries.clerks_without_supervisor(),
    }
    return render(request, "accounts/person_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: SignedIn) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    form = NewPersonForm(request.POST or None)
    if form.is_valid():
        try:
            person = actions.add_person(**form.cleaned_data, by=request.user)
        except actions.Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{person} is added. Give them their sign-in link.")
            return redirect("accounts:person_detail", pk=person.pk)
    return render(request, "accounts/person_add.html", {"form": form})


@require_safe
def person_detail(request: SignedIn, pk: int) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    person = get_object_or_404(User.objects.select_related("team"), pk=pk)
    delegations = queries.delegations_of(person).filter(ended_at=None)
    context = {
        "person": person,
        "supervises": queries.supervises_team(person),
        "delegations": delegations.filter(ends_on__gte=timezone.localdate()),
        "duties": queries.duties(person),
        "supervisor": queries.supervisor_of(person),
        "needs_link": person.is_active and not person.has_usable_password(),
        "is_self": person.pk == request.user.pk,
    }
    return render(request, "accounts/person_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person_change(request: SignedIn, pk: int) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    person = get_object_or_404(User, pk=pk)
    initial = {name: getattr(person, name) for name in PersonForm.base_fields}
    form = PersonForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.change_person(person=person, **form.cleaned_data, by=request.user)
        except actions.Refused as error:
            form.add_error(None, str(error))
            person.refresh_from_db()
        else:
            messages.success(request, f"{person} is changed. Sealed records keep the old words.")
            return redirect("accounts:person_detail", pk=person.pk)
    return render(request, "accounts/person_change.html", {"form": form, "person": person})


@require_http_methods(["GET", "HEAD", "POST"])
def person_move(request: SignedIn, pk: int) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    person = get_object_or_404(User.objects.select_related("team"), pk=pk)
    form = MoveForm(request.POST or None, initial={"team": person.team_id})
    context: dict[str, Any] = {"form": form, "person": person}
    if form.is_valid():
        team = form.cleaned_data["team"]
        asked = ask_first(
            request,
            lambda nobody: handing_over.move_person(
                person=User.objects.get(pk=pk), team=team, by=request.user, nobody=nobody
            ),
        )
        if asked is None:
            where = f"in {team} now" if team else "in no team now"
            messages.success(request, f"{person} is {where}.")
            return redirect("accounts:person_detail", pk=person.pk)
        context |= asked
    return render(request, "accounts/person_move.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person_roles(request: SignedIn, pk: int) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    person = get_object_or_404(User, pk=pk)
    held = list(person.groups.values_list("name", flat=True))
    # No box ticked sends an empty form: what counts is that it was sent.
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": held})
    if form.is_valid():
        try:
            actions.set_roles(person=person, roles=form.cleaned_data["roles"], by=request.user)
        except actions.Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"The roles of {person} are changed.")
            return redirect("accounts:person_detail", pk=person.pk)
    return render(request, "accounts/person_roles.html", {"form": form, "person": person})


@require_http_methods(["GET", "HEAD", "POST"])
def person_deactivate(request: SignedIn, pk: int) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    person = get_object_or_404(User, pk=pk)
    try:
        handover = handing_over.foresee(lambda: _leave(person, request.user))
    except actions.Refused as error:
        messages.error(request, str(error))
        return redirect("accounts:person_detail", pk=person.pk)
    heirs = queries.heirs_of(person)
    form = _deactivate_form(request, person, heirs, handover)
    if form.is_valid():
        try:
            handing_over.deactivate_person(person=person, by=request.user, **form.said)
        except actions.Refused as error:
            form.add_error(None, str(error))
            person.refresh_from_db()
        else:
            messages.success(request, f"{person} is deactivated and signed out everywhere.")
            return redirect("accounts:person_detail", pk=person.pk)
    context = {"person": person, "heirs": heirs, "handover": handover, "form": form}
    return render(request, "accounts/person_deactivate.html", context)


def _deactivate_form(
    request: SignedIn, person: User, heirs: list[queries.Heir], handover: handing_over.Handover
) -> DeactivateForm:
    return DeactivateForm(
        # Nothing to fill in sends an empty form: what counts is that it was sent.
        request.POST if request.method == "POST" else None,
        closes=bool(handover.closed),
        teams=[heir.team for heir in heirs],
        left=bool(handover.left),
        person=person,
    )


def _leave(person: User, by: User) -> handing_over.Handover:
    """Deactivate a copy, to see what would happen."""
    gone = User.objects.get(pk=person.pk)
    return handing_over.deactivate_person(person=gone, by=by, reason="Leaves.", nobody=True)


@require_POST
def person_reactivate(request: SignedIn, pk: int) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    person = get_object_or_404(User, pk=pk)
    handing_over.reactivate_person(person=person, by=request.user)
    messages.success(request, f"{person} is active again and can sign in.")
    return redirect("accounts:person_detail", pk=person.pk)


@require_POST
def person_link(request: SignedIn, pk: int) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    person = get_object_or_404(User, pk=pk)
    # A link for somebody with a password would be a way to act in their name.
    if not person.is_active or person.has_usable_password():
        messages.error(request, f"{person} has a password and can ask for a new one by e-mail.")
        return redirect("accounts:person_detail", pk=person.pk)
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    token = default_token_generator.make_token(person)
    path = reverse("accounts:password_reset_confirm", args=[uid, token])
    context = {"person": person, "link": request.build_absolute_uri(path)}
    return render(request, "accounts/person_link.html", context)
