"""What lies in Redis: plain JSON, which nobody can turn into code."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


class PlainSerializer:
    """Writes values as JSON; numbers stay numbers, so that Redis can count them."""

    def dumps(self, obj: Any) -> Any:
        if isinstance(obj, int) and not isinstance(obj, bool):
            return obj
        return json.dumps(obj, cls=DjangoJSONEncoder).encode()

    def loads(self, data: Any) -> Any:
        try:
            return int(data)
        except ValueError:
            return json.loads(data)
