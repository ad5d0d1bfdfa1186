"""A story that comes back with news says what its reader was told of it before."""

from tests.bot.town import Town
from tests.bot.world import STORM
from tests.posts import a_post

NEWS = "Engineers near Eastport mended the last pylons: schools open tomorrow, trains follow by Friday, said the grid."


async def the_storm_goes_on(town: Town) -> None:
    storm = await town.story_of(STORM[0])
    post = a_post(900, NEWS, channel="harbour_wire", date=town.clock())
    async with town.store.begin() as tx:
        ids = await tx.channels.ensure(["harbour_wire"])
        added = await tx.posts.add([post], ids, town.clock())
        await tx.stories.assign(dict.fromkeys(added.changed, storm), {})


async def test_an_update_says_what_was_told_before_and_leads_there(town: Town) -> None:
    alice = town.api.person("Alice")
    await town.follower(alice)
    await town.write_digests()
    await town.send()
    await the_storm_goes_on(town)
    await town.write_digests()
    await town.send()

    first, second = alice.inbox
    assert "Earlier" not in first
    assert NEWS.split(":")[0] in second
    assert "Earlier, 18 Feb: A storm cut power to 12,000 homes along the coast near Eastport overnight [2]" in second


async def test_what_no_longer_can_be_looked_up_is_not_told_again(town: Town) -> None:
    alice = town.api.person("Alice")
    await town.follower(alice)
    await town.write_digests()
    await town.send()
    await town.delete(*STORM)
    await the_storm_goes_on(town)
    await town.write_digests()
    await town.send()

    assert "New in a story you know" in alice.inbox[1]
    assert "Earlier" not in alice.inbox[1]


async def test_who_knows_a_story_but_not_by_a_digest_gets_its_news_alone(town: Town) -> None:
    alice, bob = town.api.person("Alice"), town.api.person("Bob")
    told = await town.follower(alice)
    await town.write_digests()
    await town.send()
    knows = await town.follower(bob)
    storm = await town.story_of(STORM[0])
    async with town.store.begin() as tx:
        await tx.memories.remember(knows.id, await tx.memories.told(told.id, [storm]))
        await tx.readers.served({}, {knows.id: town.clock()})
    await the_storm_goes_on(town)
    await town.write_digests()
    await town.send()

    assert "Earlier, 18 Feb" in alice.inbox[1]
    (message,) = bob.inbox
    assert NEWS.split(":")[0] in message
    assert "Earlier" not in message
