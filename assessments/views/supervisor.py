from django.http import HttpRequest, HttpResponse


def review_queue(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_review(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def review_complete(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_reconcile(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_sign_off(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_return(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_close(request: HttpRequest, **kwargs: int) -> HttpResponse:
    return HttpResponse(status=501)
