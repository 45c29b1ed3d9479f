#ifndef LINK_COUNT_H
#define LINK_COUNT_H

/// Returns the number of names of an open file, or -1 with `errno`.
///
/// `fstat` returns it too, but it also reads the timestamps. After that, Linux gives each later write a
/// new timestamp, so the next sync has to write the inode, which added half to the cost of a sync.
long link_count(int descriptor);

#endif
