"""我的 → 登录设备: where one's WeChat and its pages are open, and ending what is not wanted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.login_pages import end_what_is_asked, shown_to
from accounts.rules import PHONE_SIGN_IN, by_account
from common.pages import page
from patients.frames import phone_frame
from patients.pages import hospital_or_404


@require_http_methods(["GET", "POST"])
@page(by_account, sign_in=PHONE_SIGN_IN)
def logins(request: HttpRequest, code: str) -> HttpResponse:
    """This phone, and wherever else the account is open."""
    hospital = hospital_or_404(code)
    if request.method == "POST":
        end_what_is_asked(request)
        return redirect(request.path)
    frame = phone_frame(
        request, hospital, heading="登录设备", back_url=f"/m/{code}/me/", **shown_to(request)
    )
    return render(request, "patients/logins.html", frame)
