"""Where accounts find channels."""

from storage.peers import Address
from storage.store import Store


async def test_an_address_is_kept_for_each_account(any_store: Store) -> None:
    one, other = Address(telegram_id=1, access_hash=-(2**63)), Address(telegram_id=2**40, access_hash=2**63 - 1)
    async with any_store.begin() as tx:
        ids = await tx.channels.ensure(["harbour_wire", "vestnik"])
        wire, vestnik = ids["harbour_wire"], ids["vestnik"]
        await tx.peers.keep("a", wire, other)
        await tx.peers.keep("a", wire, one)
        await tx.peers.keep("a", vestnik, other)
        await tx.peers.keep("b", wire, other)
        assert await tx.peers.of("a") == {wire: one, vestnik: other}
        assert await tx.peers.of("b") == {wire: other}
        await tx.peers.forget("a", wire)
        assert await tx.peers.of("a") == {vestnik: other}
        assert await tx.peers.of("c") == {}
