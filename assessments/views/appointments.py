from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import is_administrator, is_auditor
from accounts.views.requests import SignedIn
from assessments import actions
from assessments.eligibility_queries import appointments_in_force
from assessments.forms.appointments import AppointmentForm, EndAppointmentForm
from assessments.models import Appointment
from frameworks.models import FrameworkVersion, VersionState

PER_PAGE = 50


@require_safe
def appointment_list(request: SignedIn) -> HttpResponse:
    if not (is_administrator(request.user) or is_auditor(request.user)):
        raise PermissionDenied

    in_force = appointments_in_force(timezone.localdate())
    known = Appointment.objects.select_related(
        "person__team", "up_to_level__version__framework", "appointed_by", "ended_by"
    ).defer("up_to_level__version__source_bytes")
    past = known.exclude(pk__in=in_force.values("pk"))
    context = {
        "in_force": known.filter(pk__in=in_force.values("pk")).order_by("ends_on", "pk"),
        "page": Paginator(past, PER_PAGE).get_page(request.GET.get("page")),
        "can_appoint": is_administrator(request.user),
        "reads_records": is_auditor(request.user),
    }
    return render(request, "assessments/appointment_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def appointment_add(request: SignedIn) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    person, today = request.GET.get("person", ""), timezone.localdate()
    form = AppointmentForm(request.POST or None, today=today, person=person)
    if form.is_valid():
        try:
            made = actions.appoint(**form.cleaned_data, by=request.user)
        except actions.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            until = f"until {made.ends_on:%-d %B %Y}"
            messages.success(request, f"{made.person} may sign up to {made.up_to_level} {until}.")
            return redirect("assessments:appointment_list")
    published = FrameworkVersion.objects.filter(state=VersionState.PUBLISHED)
    context = {"form": form, "can_appoint": published.exists()}
    return render(request, "assessments/appointment_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def appointment_end(request: SignedIn, pk: int) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    found = Appointment.objects.select_related("person", "up_to_level", "ended_by")
    appointment = get_object_or_404(found, pk=pk)
    form = EndAppointmentForm(request.POST or None)
    if form.is_valid():
        try:
            actions.end_appointment(
                appointment=appointment, reason=form.cleaned_data["reason"], by=request.user
            )
        except actions.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"The appointment of {appointment.person} is ended.")
            return redirect("assessments:appointment_list")
    is_in_force = appointments_in_force(timezone.localdate()).filter(pk=pk).exists()
    context = {"form": form, "appointment": appointment, "is_in_force": is_in_force}
    return render(request, "assessments/appointment_end.html", context)
