from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.demo import DEMO_PASSWORD, DEMO_SIGN_INS
from accounts.forms import ForgottenPasswordForm, NewPasswordForm, OwnPasswordForm, SignInForm


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    demo = {"demo_people": DEMO_SIGN_INS, "demo_password": DEMO_PASSWORD} if settings.DEMO else {}
    view = auth_views.LoginView.as_view(
        template_name="accounts/sign_in.html",
        authentication_form=SignInForm,
        redirect_authenticated_user=True,
        extra_context=demo,
    )
    return view(request)


def sign_in_paused(
    request: HttpRequest, response: HttpResponseBase, credentials: dict[str, str] | None
) -> HttpResponse:
    """Answer in place of a page that too many wrong passwords were given on."""
    pause = settings.AXES_COOLOFF_TIME
    context = {"minutes": int(pause.total_seconds() // 60), "limit": settings.AXES_FAILURE_LIMIT}
    paused = render(request, "accounts/sign_in_paused.html", context, status=429)
    paused.headers["Retry-After"] = str(int(pause.total_seconds()))
    return paused


# Open, so that somebody whose session ended meanwhile is not asked to sign in to sign out.
@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    return auth_views.LogoutView.as_view()(request)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: HttpRequest) -> HttpResponseBase:
    form = OwnPasswordForm(request.user, request.POST or None)
    if form.is_valid():
        password = form.cleaned_data["new_password1"]
        person = actions.set_password(person=form.user, password=password)
        update_session_auth_hash(request, person)
        messages.success(request, "Your password is changed. Other devices are signed out.")
        return redirect("start")
    return render(request, "accounts/password_change.html", {"form": form})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest) -> HttpResponseBase:
    view = auth_views.PasswordResetView.as_view(
        form_class=ForgottenPasswordForm,
        template_name="accounts/password_reset.html",
        email_template_name="accounts/password_reset_email.txt",
        subject_template_name="accounts/password_reset_subject.txt",
        success_url=reverse("accounts:password_reset_done"),
    )
    return view(request)


@login_not_required
def password_reset_done(request: HttpRequest) -> HttpResponseBase:
    return render(request, "accounts/password_reset_done.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset_confirm(request: HttpRequest, uidb64: str, token: str) -> HttpResponseBase:
    view = auth_views.PasswordResetConfirmView.as_view(
        template_name="accounts/password_reset_confirm.html",
        form_class=NewPasswordForm,
        success_url=reverse_lazy("accounts:password_reset_complete"),
    )
    return view(request, uidb64=uidb64, token=token)


@login_not_required
def password_reset_complete(request: HttpRequest) -> HttpResponseBase:
    return render(request, "accounts/password_reset_complete.html")
