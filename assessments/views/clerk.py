from django.http import HttpRequest, HttpResponse


def assessment_list(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_start(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_detail(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_rate(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def rating_save(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_submit(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_withdraw(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)
