from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import is_administrator, is_auditor
from accounts.views.requests import SignedIn
from assessments import actions
from assessments.forms.rules import RuleForm
from assessments.models import Cycle
from assessments.placement import needed_of
from assessments.rule_queries import (
    foresee,
    must_haves_of,
    published_statements,
    rules,
    rules_with_use,
)


def _may_read(user: User) -> bool:
    return is_administrator(user) or is_auditor(user)


@require_safe
def rule_list(request: SignedIn) -> HttpResponse:
    if not _may_read(request.user):
        raise PermissionDenied

    context = {"rows": rules_with_use(), "can_add": is_administrator(request.user)}
    return render(request, "assessments/rule_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rule_add(request: SignedIn) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    published = published_statements()
    form = RuleForm(request.POST or None, published=published)
    if form.is_valid():
        threshold, reason = form.cleaned_data["threshold"], form.cleaned_data["reason"]
        try:
            rule = actions.add_rule(
                threshold=threshold, must_have=form.must_have(), reason=reason, by=request.user
            )
        except actions.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Added {rule}. A cycle can use it from now on.")
            return redirect("assessments:rule_detail", rule.pk)
    versions = [group.version for group in published]
    return render(request, "assessments/rule_add.html", {"form": form, "versions": versions})


@require_safe
def rule_detail(request: SignedIn, pk: int) -> HttpResponse:
    if not _may_read(request.user):
        raise PermissionDenied

    rule = get_object_or_404(rules(), pk=pk)
    must_haves = must_haves_of(rule)
    context = {
        "rule": rule,
        "of_ten": needed_of(10, rule.threshold),
        "of_nine": needed_of(9, rule.threshold),
        "must_haves": must_haves,
        "versions": [group.version for group in must_haves],
        "cycles": Cycle.objects.filter(rule=rule),
        "reads_cycles": is_administrator(request.user),
        "reads_records": is_auditor(request.user),
        "preview": foresee(rule),
    }
    return render(request, "assessments/rule_detail.html", context)
