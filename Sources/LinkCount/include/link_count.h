#ifndef LINK_COUNT_H
#define LINK_COUNT_H

/// Returns how many names an open file has, or -1 with `errno`.
///
/// `fstat` says it too, but it also reads the times, and then Linux gives each later write a time of
/// its own, which makes the next sync write the inode: seen to add half to the cost of a sync.
long link_count(int descriptor);

#endif
