#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Prints "passed failed skipped" of single tests from ctest's LastTest.log. A program that fails without saying which
# test did (a crash, a leak at exit, a group that could not be set up) is one failure; one that passes without cmocka's
# summary (the replay of a corpus) is one success.
use strict;
use warnings;

my ($passed, $failed, $skipped) = (0, 0, 0);
my ($good, $bad, $left_out) = (0, 0, 0);

sub program_ended {
    my ($ok) = @_;
    $bad = 1 if !$ok && $bad == 0;
    $good = 1 if $ok && $good + $bad + $left_out == 0;
    $passed += $good;
    $failed += $bad;
    $skipped += $left_out;
    ($good, $bad, $left_out) = (0, 0, 0);
}

while (<>) {
    $good += $1 if /\[  PASSED  \] (\d+) test\(s\)/;
    $bad += $1 if /\[  FAILED  \] (\d+) test\(s\)/;
    $left_out += $1 if /\[  SKIPPED \] (\d+) test\(s\)/;
    program_ended($1 eq 'Passed') if /^Test (Passed|Failed)\.$/;
}
print "$passed $failed $skipped\n";
