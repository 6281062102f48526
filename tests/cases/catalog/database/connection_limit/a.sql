-- alone

