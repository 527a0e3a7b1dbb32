from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.views.requests import SignedIn
from frameworks.models import FrameworkVersion
from frameworks.permissions import can_manage_frameworks
from frameworks.queries import visible_to


def managed(request: SignedIn, pk: int) -> FrameworkVersion:
    version = get_object_or_404(visible_to(request.user), pk=pk)
    if not can_manage_frameworks(request.user):
        raise PermissionDenied
    return version
