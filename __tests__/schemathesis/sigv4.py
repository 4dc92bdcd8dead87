"""AWS Signature Version 4 for the service execute-api, as an authentication of the requests library."""

import datetime
import hashlib
import hmac
import re
from urllib.parse import parse_qsl, quote, urlsplit

import requests.auth

UNRESERVED = "-_.~"


class SigV4(requests.auth.AuthBase):
    """Signs a request's method, path, query, host, date and body."""

    def __init__(self, access_key_id, secret_access_key, region, now=lambda: datetime.datetime.now(datetime.timezone.utc)):
        self.access_key_id = access_key_id
        self.secret_access_key = secret_access_key
        self.region = region
        self.now = now

    def __call__(self, request):
        timestamp = self.now().strftime("%Y%m%dT%H%M%SZ")
        scope = f"{timestamp[:8]}/{self.region}/execute-api/aws4_request"
        url = urlsplit(request.url)
        headers = {"host": url.netloc, "x-amz-date": timestamp}
        signed = ";".join(headers)
        canonical = "\n".join(
            [
                request.method,
                # The path is encoded once more than on the wire, and without empty segments, as for every service but S3.
                quote(re.sub("/+", "/", url.path or "/"), safe=f"/{UNRESERVED}"),
                canonical_query(url.query),
                *(f"{name}:{value}" for name, value in headers.items()),
                "",
                signed,
                hashlib.sha256(body_of(request)).hexdigest(),
            ]
        )
        text = "\n".join(["AWS4-HMAC-SHA256", timestamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = f"AWS4{self.secret_access_key}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        request.headers["X-Amz-Date"] = timestamp
        request.headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.access_key_id}/{scope}, SignedHeaders={signed}, Signature={signature}"
        )
        return request


def canonical_query(query):
    pairs = parse_qsl(query, keep_blank_values=True)
    # Sorted by name, then by value: "=" is no part of the order.
    encoded = sorted((quote(name, safe=UNRESERVED), quote(value, safe=UNRESERVED)) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)


def body_of(request):
    body = request.body or b""
    return body.encode() if isinstance(body, str) else body
