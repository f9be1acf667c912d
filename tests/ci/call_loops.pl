#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Usage: call_loops.pl BUILD. Finds files of the product whose functions call each other in a circle, by the symbols that
# their objects define and use.
use strict;
use warnings FATAL => 'all';

my ($build) = @ARGV;
my $findings = 0;

sub finding { print "$_[0]:1: call: $_[1]\n"; $findings++; }

my @objects = grep { !m{/tests/} } split /\n/, qx(find $build -name '*.c.o');
my (%defines, %uses);

for my $object (@objects) {
    my ($file) = $object =~ m{((?:idp|keys|policies|protocols)/[^.]*(?:\.[^.]*)*\.c)\.o$} or next;
    for my $line (split /\n/, qx(nm $object)) {
        my ($kind, $name) = $line =~ /\b([TDBRU]) (\w+)$/ or next;
        if ($kind eq 'U') { $uses{$file}{$name} = 1; } elsif ($kind eq 'T') { $defines{$name} = $file; }
    }
}

my %calls;
for my $file (keys %uses) {
    for my $name (keys %{$uses{$file}}) {
        my $to = $defines{$name} // next;
        push @{$calls{$file}{$to}}, $name if $to ne $file;
    }
}

# Tarjan: files that reach each other.
my (%index, %low, %open, @stack);
my $next = 0;
my $visit;
$visit = sub {
    my ($file) = @_;
    $index{$file} = $low{$file} = $next++;
    push @stack, $file;
    $open{$file} = 1;
    for my $to (sort keys %{$calls{$file} // {}}) {
        if (!defined $index{$to}) { $visit->($to); $low{$file} = $low{$to} if $low{$to} < $low{$file}; }
        elsif ($open{$to} && $index{$to} < $low{$file}) { $low{$file} = $index{$to}; }
    }
    return if $low{$file} != $index{$file};
    my @circle;
    do { push @circle, pop @stack; delete $open{$circle[-1]}; } while ($circle[-1] ne $file);
    finding($circle[-1], 'calls in a circle: ' . join ' ', sort @circle) if @circle > 1;
};
for my $file (sort keys %calls) { $visit->($file) unless defined $index{$file}; }
finding($build, 'has no objects') unless @objects;
exit($findings > 0);
