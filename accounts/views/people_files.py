from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.forms import PeopleFileForm
from accounts.people_file import COLUMNS, MOST_BYTES
from accounts.permissions import is_administrator
from accounts.views import handing_over
from accounts.views.requests import SignedIn


@require_http_methods(["GET", "HEAD", "POST"])
def person_import(request: SignedIn) -> HttpResponse:
    if not is_administrator(request.user):
        raise PermissionDenied

    form = PeopleFileForm(request.POST or None, request.FILES or None)
    context = {"form": form, "columns": COLUMNS}
    if form.is_valid():
        data = form.cleaned_data["file"].read(MOST_BYTES + 1)
        dry_run = form.cleaned_data["check_only"]
        try:
            done = handing_over.import_people(data=data, by=request.user, dry_run=dry_run)
        except actions.PeopleRejected as rejected:
            context["problems"] = rejected.problems
        else:
            if not dry_run:
                messages.success(request, _in_words(done))
                return redirect("accounts:person_list")
            context["done"] = done
    return render(request, "accounts/person_import.html", context)


def _in_words(done: actions.PeopleImported) -> str:
    teams = f" New teams: {', '.join(done.teams)}." if done.teams else ""
    counts = f"{len(done.added)} added, {len(done.changed)} changed"
    links = " Who is new needs a sign-in link: make it on their page." if done.added else ""
    return f"The file is imported: {counts}, {len(done.unchanged)} as they were.{teams}{links}"
