"""What is said of a folder of chats. Its link lets others in and is told nowhere."""

from core.model import Folder


def said_of(folder: Folder) -> str:
    """What a folder holds, and what of that is not read and why, in one line."""
    read = folder.channels - folder.closed
    words = [f"{name_of(folder)} holds {read} channel{'s' if read != 1 else ''} that anyone reads"]
    if folder.closed:
        words.append(
            f"{folder.closed} that open to members only (read where join = true of its list lets an account in)"
        )
    if folder.others:
        words.append(f"{folder.others} other chat{'s' if folder.others != 1 else ''}, which Courant does not read")
    return ", ".join(words)


def name_of(folder: Folder) -> str:
    """What a folder is called."""
    return f"the folder of list {', '.join(folder.lists)}"
