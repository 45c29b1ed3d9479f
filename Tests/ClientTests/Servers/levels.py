"""The same with the tables in levels, as week 5 describes them: a table's name ends with its level."""
from tables import TableStore


class LeveledStore(TableStore):
    """The tables are in one list, in which what is newer comes later: the deepest level first, level 0 last."""

    def level(self, number):
        return [table for table in self.tables if self.level_of(table) == number]

    @staticmethod
    def level_of(table):
        return int(table[0].rpartition("-")[2])

    def tidy(self):
        if self.is_full():
            self.flush()
            while self.step():
                pass

    def step(self):
        """Moves tables that are too many into the level below. Returns whether there were any."""
        depth = max(map(self.level_of, self.tables), default=0)
        if len(self.level(0)) >= 4:
            self.move(self.level(0), 1)
            return True
        for number in range(1, depth + 1):
            tables = self.level(number)
            if len(tables) > 10 ** number:
                self.move([tables[self.next % len(tables)]], number + 1)  # Any, and not always the first.
                return True
        return False

    def move(self, upper, below):
        first = min(min(table) for _, table in upper)
        last = max(max(table) for _, table in upper)
        lower = [each for each in self.level(below) if min(each[1]) <= last and first <= max(each[1])]
        sources = upper + lower if self.fault == "lower-level-wins" else lower + upper
        rows = self.merged([table for _, table in sources])
        kept = [each for each in self.tables if each not in sources]
        rows = [row for row in rows if row[1] is not None or self.must_stay(row[0], below, kept)]
        pieces = [rows[start:start + self.limit] for start in range(0, len(rows), self.limit)]
        self.commit(self.ordered(kept + [self.new_table(dict(piece), below) for piece in pieces]))

    def must_stay(self, key, below, kept):
        """Whether a tombstone still hides something."""
        if self.fault == "drops-tombstones-early":
            return False
        return any(self.level_of(each) > below and min(each[1]) <= key <= max(each[1]) for each in kept)

    def ordered(self, tables):
        deepest_last = self.fault == "reads-deepest-first"
        return sorted(tables, key=lambda each: (self.level_of(each) * (1 if deepest_last else -1), each[0]))
