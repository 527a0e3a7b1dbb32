from django.http import HttpRequest, HttpResponse


def start(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def help(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)
