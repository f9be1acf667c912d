#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: coverage.sh BUILD LINES BRANCHES. Sums up what gcov knows of the product's files after the tests have run in
# BUILD, and fails when fewer percents of lines or branches were reached than the floors say.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1 lines=$2 branches=$3

# Every object of the product, also those of which no line ran: gcov reads what the compiler noted of them.
find "$build" -name '*.gcno' -not -path '*/tests/*' -print0 | xargs -0 -n50 gcov -b -n 2>/dev/null |
    perl -ne '
        BEGIN { our ($lines, $branches) = splice @ARGV, 0, 2; our (%seen, $at); }
        if (/^(?:File|Function)\b/) { $at = m{^File \x27.*?((?:idp|keys|policies|protocols)/[^\x27]+\.c)\x27} ? $1 : undef; next; }
        next unless defined $at;
        if (/^Lines executed:([\d.]+)% of (\d+)/) { $seen{$at}{lines} = [$1 * $2 / 100, $2]; }
        if (/^Taken at least once:([\d.]+)% of (\d+)/) { $seen{$at}{branches} = [$1 * $2 / 100, $2]; }
        END {
            my %floor = (lines => $lines, branches => $branches);
            my $low = 0;
            for my $what (sort { $b cmp $a } keys %floor) {
                my ($taken, $all) = (0, 0);
                for my $file (values %seen) { my $of = $file->{$what} or next; $taken += $of->[0]; $all += $of->[1]; }
                my $percent = $all ? 100 * $taken / $all : 0;
                printf "%.1f %% of %d %s, %s are the floor\n", $percent, $all, $what, $floor{$what};
                $low = 1 if $percent < $floor{$what};
            }
            exit $low;
        }' "$lines" "$branches"
