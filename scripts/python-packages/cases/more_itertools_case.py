from more_itertools import chunked, flatten, one, partition, peekable, windowed


async def run(_ctx, _payload):
    odd, even = partition(lambda number: number % 2 == 0, range(7))
    items = peekable([1, 2])
    try:
        one([1, 2])
    except ValueError as error:
        failure = str(error)
    chunks = list(chunked(range(5), 2))
    return [chunks, list(windowed("abcd", 3)), list(odd), list(even), items.peek(), list(flatten(chunks)), failure]
