#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: coverage.sh BUILD LINES BRANCHES. Sums up what gcov knows of the product's C files after the tests have run in
# BUILD, and fails when fewer percents of lines or branches were reached than the floors say. BUILD/coverage.txt then has
# every file, the one with most to gain first.
#
# Nothing is left out of the count: a call of broken(), which ends the process before gcov writes anything, counts as not
# reached, and so does the side of an assert() that fails. C has no branches for unwinding.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1 lines=$2 branches=$3

# Every object of the product, also those of which no line ran: gcov reads what the compiler noted of them.
find "$build" -name '*.gcno' -not -path '*/tests/*' -print0 | xargs -0 -n50 gcov -b -n 2>/dev/null |
    perl -e '
        use strict;
        use warnings;
        my ($report, %floor) = (shift, lines => shift, branches => shift);
        my (%seen, $at);
        while (<STDIN>) {
            # Behind its files each run of gcov prints a sum, which belongs to none of them: the last line of a file tells of calls.
            if (/^(?:File|Function)\b/) { $at = m{^File \x27.*?((?:idp|keys|policies|protocols)/[^\x27]+\.c)\x27} ? $1 : undef; next; }
            next unless defined $at && -f $at; # what was moved away has left its notes in the build
            $seen{$at}{lines} = [$1 * $2 / 100, $2] if /^Lines executed:([\d.]+)% of (\d+)/;
            $seen{$at}{branches} = [$1 * $2 / 100, $2] if /^Taken at least once:([\d.]+)% of (\d+)/;
            undef $at if /^(?:Calls executed|No calls)/;
        }

        sub missed { my ($of) = @_; return $of ? int($of->[1] - $of->[0] + 0.5) : 0; }
        open(my $out, ">", $report) or die "$report: $!\n";
        printf {$out} "%6s %6s %8s %8s  %s\n", "lines", "missed", "branches", "missed", "file";
        for my $file (sort { missed($seen{$b}{branches}) <=> missed($seen{$a}{branches}) || $a cmp $b } keys %seen) {
            my ($of, $in) = @{$seen{$file}}{qw(lines branches)};
            printf {$out} "%6d %6d %8d %8d  %s\n", $of->[1], missed($of), $in ? $in->[1] : 0, missed($in), $file;
        }
        close($out) or die "$report: $!\n";

        my $low = 0;
        for my $what (qw(lines branches)) {
            my ($taken, $all) = (0, 0);
            for my $of (grep { defined } map { $_->{$what} } values %seen) { $taken += $of->[0]; $all += $of->[1]; }
            my $percent = $all ? 100 * $taken / $all : 0;
            printf "%.1f %% of %d %s, %s are the floor\n", $percent, $all, $what, $floor{$what};
            $low = 1 if $percent < $floor{$what};
        }
        exit $low;' "$build/coverage.txt" "$lines" "$branches"
