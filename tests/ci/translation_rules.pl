#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# NAME.zh-CN.md says what NAME.md says. Sentences are for people to compare. This compares the rest, section by section:
# headings, code blocks, table rows, list items, links, `inline code` and numbers. Reads file names from standard input.
use strict;
use warnings FATAL => 'all';

sub finding { my ($file, $line, $words) = @_; print "$file:$line: translation: $words\n"; }

sub new_section {
    my ($line, $level, $title) = @_;
    return { line => $line, level => $level, title => $title, blocks => [], items => 0, text => '' };
}

# A section is what stands between two headings of any level.
sub sections_of {
    my ($file) = @_;
    open(my $in, '<', $file) or die "$file: $!\n";
    my @sections = (new_section(1, 0, 'the beginning'));
    my $open = 0;
    while (my $line = <$in>) {
        my $fence = $line =~ /^\s*```/;
        push @{$sections[-1]{blocks}}, '' if $fence && !$open;
        $sections[-1]{blocks}[-1] .= $line if $fence || $open;
        $open = !$open if $fence;
        next if $fence || $open;
        if ($line =~ /^(#+) (.*)$/) { push @sections, new_section($., length $1, $2); next; }
        $sections[-1]{items}++ if $line =~ /^\s*(?:\||-|\d+\.) ?/;
        $sections[-1]{text} .= $line;
    }
    return @sections;
}

# The anchor that pages make of a heading: "Watching", "#watching".
sub anchor_of {
    my ($title) = @_;
    utf8::decode($title);
    ($title = lc $title) =~ s/[^\w\- ]//g;
    $title =~ tr/ /-/;
    utf8::encode($title);
    return $title;
}

# Files without their language; an anchor of this file as the number of its heading.
sub links_of {
    my ($section, @sections) = @_;
    my %number = map { '#' . anchor_of($sections[$_]{title}) => "to heading $_" } 0 .. $#sections;
    my @links = $section->{text} =~ /\]\(([^)]+)\)/g;
    return [map { /^#/ ? $number{$_} // "$_, which is no heading" : s/\.zh-CN\.md/.md/r } @links];
}

sub unique { my %seen; return [grep { !$seen{$_}++ } @_]; }

sub code_of { my ($section) = @_; return unique(map { s/\s+/ /gr } $section->{text} =~ /`([^`]+)`/g); }

sub numbers_of {
    my ($section) = @_;
    my $prose = $section->{text} =~ s/`[^`]+`|\]\([^)]+\)|^\s*\d+\.//gmr;
    return unique($prose =~ /\d+(?:[.,]\d+)*/g);
}

# What one has and the other has not, as words; nothing when they are the same.
sub difference {
    my ($here, $there) = @_;
    my %count;
    $count{$_}++ for @$here;
    $count{$_}-- for @$there;
    my @more = grep { $count{$_} > 0 } sort keys %count;
    my @less = grep { $count{$_} < 0 } sort keys %count;
    return join '; ', (@more ? 'more: ' . join(', ', @more) : ()), (@less ? 'less: ' . join(', ', @less) : ());
}

sub check_section {
    my ($file, $original, $here, $there, $all_here, $all_there) = @_;
    my $say = sub { finding($file, $here->{line}, "\"$here->{title}\", in $original \"$there->{title}\": $_[0]"); };
    my ($blocks, $blocks_there) = (scalar @{$here->{blocks}}, scalar @{$there->{blocks}});
    $say->("$blocks code blocks, not $blocks_there") if $blocks != $blocks_there;
    for my $i (grep { $_ < $blocks && $_ < $blocks_there } 0 .. $blocks) {
        $say->("code block @{[$i + 1]} is another one") if $here->{blocks}[$i] ne $there->{blocks}[$i];
    }
    $say->("$here->{items} table rows and list items, not $there->{items}") if $here->{items} != $there->{items};
    my %compared = (
        'links' => [links_of($here, @$all_here), links_of($there, @$all_there)],
        'inline code' => [code_of($here), code_of($there)],
        'numbers' => [numbers_of($here), numbers_of($there)],
    );
    for my $what (sort keys %compared) {
        my $words = difference(@{$compared{$what}});
        $say->("$what, $words") if $words;
    }
}

# At the first heading that is another one the rest cannot be compared any more.
sub check_pair {
    my ($file, $original) = @_;
    my @here = sections_of($file);
    my @there = sections_of($original);
    for my $i (0 .. ($#here > $#there ? $#here : $#there)) {
        my ($mine, $other) = ($here[$i], $there[$i]);
        return finding($file, 1, "lacks the section \"$other->{title}\" of $original") unless $mine;
        return finding($file, $mine->{line}, "\"$mine->{title}\" is no section of $original") unless $other;
        my $words = "\"$mine->{title}\" stands where $original has \"$other->{title}\", of another level";
        return finding($file, $mine->{line}, $words) if $mine->{level} != $other->{level};
        check_section($file, $original, $mine, $other, \@here, \@there);
    }
}

# Each names the other in its first lines.
sub check_mention {
    my ($file, $other) = @_;
    open(my $in, '<', $file) or die "$file: $!\n";
    my $head = join '', map { scalar(<$in>) // '' } 1 .. 4;
    my $name = $other =~ s{.*/}{}r;
    finding($file, 1, "its first lines do not link to $name") unless index($head, "]($name)") >= 0;
}

chomp(my @files = <STDIN>);
for my $file (grep { /\.zh-CN\.md$/ } @files) {
    my $original = $file =~ s/\.zh-CN\.md$/.md/r;
    if (!-e $original) { finding($file, 1, "$original is not there"); next; }
    check_mention($file, $original);
    check_mention($original, $file);
    check_pair($file, $original);
}
