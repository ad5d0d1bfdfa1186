"""What things are known by in the tables."""

from typing import NewType

PostId = NewType("PostId", int)
StoryId = NewType("StoryId", int)
ChannelId = NewType("ChannelId", int)
ArticleId = NewType("ArticleId", int)
ReaderId = NewType("ReaderId", int)
DigestId = NewType("DigestId", int)
EditionId = NewType("EditionId", int)
PartId = NewType("PartId", int)
