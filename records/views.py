from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.views.requests import SignedIn
from assessments.dispute_queries import unseen_record_ids
from assessments.models import SignOff
from assessments.packs import examiner_pack
from assessments.permissions import is_supervisor_of
from assessments.revocation_queries import revoking_objection, why_final
from records import packs
from records.forms import CheckForm, PackForm
from records.models import Record, RecordKind, Verification
from records.pack_queries import fingerprint_in_use, in_words, narrowed, people_in, teams_of
from records.permissions import visible_to
from records.printing import as_pdf
from records.queries import (
    as_file,
    changed_statements,
    check,
    framework_names,
    payload_of,
    rated_rounds,
)
from records.verification import head

PER_PAGE = 50
# Each is printed while the browser waits: about 40 ms.
MOST_IN_A_PACK = 1000
PAGES = {
    "sign_off": "records/record_sign_off.html",
    "appointment": "records/record_appointment.html",
    "appointment_ended": "records/record_appointment.html",
    "revocation": "records/record_revocation.html",
    "acknowledgement": "records/record_acknowledgement.html",
    "dispute_upheld": "records/record_dispute_upheld.html",
    "framework_published": "records/record_framework.html",
    "framework_retired": "records/record_framework.html",
}
AS_SEALED = "records/record_as_sealed.html"


@require_safe
def record_list(request: SignedIn) -> HttpResponse:
    records = visible_to(request.user).defer("payload")
    page = Paginator(records, PER_PAGE).get_page(request.GET.get("page"))
    names = framework_names(page.object_list)
    rows = [(record, record.subject or names.get(record.pk, "")) for record in page]
    context = {"page": page, "rows": rows, "verified": Verification.objects.first()}
    return render(request, "records/record_list.html", context)


@require_safe
def record_detail(request: SignedIn, sequence: int) -> HttpResponse:
    record = get_object_or_404(visible_to(request.user), pk=sequence)
    if record.pk in unseen_record_ids(request.user):
        messages.info(request, "You decide a dispute of it: rate what is disputed first.")
        return redirect("start")
    payload, found = payload_of(record), check(record)
    context: dict[str, Any] = {
        "record": record,
        "payload": payload,
        "check": found,
        "before": _neighbour(request.user, record, -1),
        "after": _neighbour(request.user, record, +1),
        "version": _version(payload),
        **_came_after(request.user, record),
    }
    page = PAGES.get(payload.get("type", ""), AS_SEALED)
    if not found.is_unchanged:
        page = AS_SEALED  # What was changed is shown, not interpreted.
    elif page == PAGES["sign_off"]:
        rounds = rated_rounds(payload)
        context |= {"earlier": rounds[:-1], "signed": rounds[-1] if rounds else None}
    elif page == PAGES["framework_published"]:
        context["changed"] = changed_statements(payload)
    return render(request, page, context)


def _came_after(user: User, record: Record) -> dict[str, Any]:
    """Give the record that has taken the place of this one, and what revoked it, as sealed."""
    later = visible_to(user).filter(supersedes=record).first()
    if later is None:
        sign_off = SignOff.objects.filter(record=record).first()
        if sign_off is None or why_final(sign_off) or revoking_objection(user, sign_off):
            return {}
        return {
            "revocable": sign_off,
            "correctable": is_supervisor_of(user, sign_off.assessment),
        }
    if later.kind == RecordKind.REVOCATION:
        return {"later": later, "revoked": payload_of(later)}
    sealed = payload_of(later)
    reason = (sealed.get("correction") or {}).get("reason")
    by = (sealed.get("signer") or {}).get("name")
    correction = {"reason": reason, "by": by} if reason else None
    return {"later": later, "superseded": True, "correction": correction}


def _neighbour(user: User, record: Record, step: int) -> tuple[int, bool] | None:
    """Give the number of the record beside this one and whether the person may open it."""
    number = record.sequence + step
    if not Record.objects.filter(pk=number).exists():
        return None
    return number, visible_to(user).filter(pk=number).exists()


@require_safe
def record_download(request: SignedIn, sequence: int) -> HttpResponse:
    record = get_object_or_404(visible_to(request.user), pk=sequence)
    if record.pk in unseen_record_ids(request.user):
        raise PermissionDenied
    return HttpResponse(
        as_file(record),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="record-{record.sequence}.json"'},
    )


@require_safe
def record_pdf(request: SignedIn, sequence: int) -> HttpResponse:
    record = get_object_or_404(visible_to(request.user), pk=sequence)
    if record.pk in unseen_record_ids(request.user):
        raise PermissionDenied
    return HttpResponse(
        as_pdf(record),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="record-{record.sequence}.pdf"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def record_check(request: SignedIn) -> HttpResponse:
    """Whoever holds a digest may know what became of it; reading is another matter."""
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        given = form.given
        record = Record.objects.filter(digest=form.cleaned_data["digest"]).first()
        context |= {
            "given": given,
            "altered": given is not None and not (given.digest_holds and given.seal_holds),
            "record": record,
        }
        if record:
            context |= {
                "check": check(record),
                "successors": record.superseded_by.defer("payload"),
                "may_read": visible_to(request.user).filter(pk=record.pk).exists()
                and record.pk not in unseen_record_ids(request.user),
            }
    return render(request, "records/record_check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record_pack(request: SignedIn) -> HttpResponseBase:
    unseen = unseen_record_ids(request.user)
    readable = visible_to(request.user).exclude(pk__in=unseen)
    form = PackForm(
        request.POST if request.method == "POST" else None,
        people=people_in(readable),
        teams=teams_of(request.user),
        initial={"person": request.user.pk},
    )
    if form.is_bound and form.is_valid():
        asked = narrowed(readable, **form.cleaned_data)
        if refused := _why_no_pack(asked.count()):
            form.add_error(None, refused)
        else:
            file = examiner_pack(
                asked,
                readable,
                about=in_words(**form.cleaned_data),
                reader=request.user,
                unseen=frozenset(unseen),
            )
            name = f"{packs.name_of(head())}.zip"
            return FileResponse(file, as_attachment=True, filename=name)
    context = {"form": form, "fingerprint": fingerprint_in_use()}
    return render(request, "records/record_pack.html", context)


def _why_no_pack(count: int) -> str:
    if not count:
        return "There is no record of that which you may read."
    if count > MOST_IN_A_PACK:
        return (
            f"These are {count} records, and a page makes a pack of at most {MOST_IN_A_PACK}."
            " Choose fewer days, or have the pack made on the server with examiner_pack."
        )
    return ""


def _version(payload: dict[str, Any]) -> dict[str, Any]:
    """Give what the attribution below the statements names, from the record itself."""
    framework = payload.get("framework") or {}
    return {
        "attribution": framework.get("attribution", ""),
        "onet": (framework.get("sources") or {}).get("onet", ""),
        "label": framework.get("label", ""),
        "framework": framework,
    }
