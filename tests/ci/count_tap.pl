#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Prints "passed failed skipped" from what `node --test --test-reporter=tap` wrote. No summary at all is one failure.
use strict;
use warnings;

my %sum = (pass => 0, fail => 0, cancelled => 0, skipped => 0);
my $ended = 0;
while (<>) {
    next unless /^# (pass|fail|cancelled|skipped) (\d+)$/;
    $sum{$1} += $2;
    $ended = 1;
}
$sum{fail} = 1 unless $ended;
print "$sum{pass} ", $sum{fail} + $sum{cancelled}, " $sum{skipped}\n";
