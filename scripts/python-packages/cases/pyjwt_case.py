import jwt

key = "a key of thirty-two bytes, or more"


async def run(_ctx, _payload):
    token = jwt.encode({"sub": "ada", "scope": ["read"]}, key, algorithm="HS256", headers={"kid": "1"})
    try:
        jwt.decode(token, key[::-1], algorithms=["HS256"])
    except jwt.InvalidSignatureError as error:
        failure = str(error)
    expired = jwt.encode({"exp": 1}, key, algorithm="HS512")
    try:
        jwt.decode(expired, key, algorithms=["HS512"])
    except jwt.ExpiredSignatureError as error:
        late = str(error)
    return [token, jwt.decode(token, key, algorithms=["HS256"]), jwt.get_unverified_header(token), failure, late]
