from attrs import asdict, define, field, validators


@define
class Order:
    id: str
    quantity: int = field(default=1, validator=validators.gt(0))
    tags: list[str] = field(factory=list)


async def run(_ctx, _payload):
    try:
        Order("a", quantity=0)
        refused = None
    except ValueError as error:
        refused = str(error)
    return [asdict(Order("a", 2, ["x"])), Order("a") == Order("a"), repr(Order("b")), refused]
