from django.http import HttpRequest, HttpResponse


def cycle_list(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def cycle_open(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def cycle_detail(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def cycle_close(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def sign_off_list(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)
