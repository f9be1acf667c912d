#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# The rules that need no compiler. Reads file names from standard input, prints "file:line: rule: words" per finding.
use strict;
use warnings FATAL => 'all';

my @files = <STDIN>;
chomp @files;
my %known = map { $_ => 1 } @files;

sub finding { my ($file, $line, $rule, $words) = @_; print "$file:$line: $rule: $words\n"; }

sub read_text {
    my ($file) = @_;
    open(my $in, '<', $file) or die "$file: $!\n";
    local $/;
    my $text = <$in>;
    return $text // '';
}

sub read_table {
    my ($file, $separator) = @_;
    return map { [split $separator] } grep { !/^#/ && /\S/ } map { s/\s+$//r } split /\n/, read_text($file);
}

# The same lines with comments blanked, and, when asked, strings emptied.
sub code_of {
    my ($text, $empty_strings) = @_;
    my $blank = sub { my $s = shift; $s =~ s/[^\n]//g; return " $s"; };
    $text =~ s{("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(/\*.*?\*/|//[^\n]*)}
              { defined $2 ? $blank->($2) : $empty_strings && $1 =~ /^"/ ? '""' : $1 }gse;
    return $text;
}

sub each_line {
    my ($text, $do) = @_;
    my $number = 0;
    $do->(++$number, $_) for split /\n/, $text;
}

# --- Layers ------------------------------------------------------------------------------------------------------

my (%rank, %group, %only);
my $lines = 0;
for my $row (read_table('tests/ci/layers.txt', qr/\s+/)) {
    my @entries = @$row;
    if ($entries[0] eq 'only') { $only{$entries[1]} = [@entries[1 .. $#entries]]; next; }
    $lines++;
    for my $siblings (@entries) {
        for my $entry (split /\+/, $siblings) { $rank{$entry} = $lines; $group{$entry} = $siblings; }
    }
}

sub entry_of {
    my ($path) = @_;
    my ($best) = sort { length $b <=> length $a } grep { $path eq $_ || index($path, "$_/") == 0 } keys %rank;
    return $best;
}

sub check_include {
    my ($file, $line, $included) = @_;
    my ($narrow) = grep { index($file, "$_/") == 0 } keys %only;
    if ($narrow) {
        finding($file, $line, 'layer', "$narrow may include only @{$only{$narrow}}, not $included")
            unless grep { index($included, "$_/") == 0 } @{$only{$narrow}};
        return;
    }
    my $from = entry_of($file) // return;
    my $to = entry_of($included);
    my $allowed = defined $to && ($rank{$to} < $rank{$from} || $group{$to} eq $group{$from});
    finding($file, $line, 'layer', "$from may not include $included") unless $allowed;
}

my %includes;

sub check_includes {
    my ($file, $text) = @_;
    each_line(code_of($text, 0), sub {
        my ($line, $words) = @_;
        return unless $words =~ /^\s*#\s*include\s+"([^"]+)"/;
        push @{$includes{$file}}, $1;
        return finding($file, $line, 'include', "\"$1\" is not a path from the root") unless $known{$1};
        check_include($file, $line, $1);
    });
}

sub check_loops {
    my %state;
    my $visit;
    $visit = sub {
        my ($file) = @_;
        $state{$file} = 'open';
        for my $next (@{$includes{$file} // []}) {
            if (($state{$next} // '') eq 'open') { finding($file, 1, 'loop', "$next includes this file again"); }
            elsif (!$state{$next}) { $visit->($next); }
        }
        $state{$file} = 'done';
    };
    for my $file (sort keys %includes) { $visit->($file) unless $state{$file}; }
}

# --- Calls, form, size -------------------------------------------------------------------------------------------

my @banned = read_table('tests/ci/banned.txt', qr/\s*\|\s*/);

sub check_banned {
    my ($file, $text) = @_;
    my $code = code_of($text, 1);
    for my $rule (@banned) {
        my ($what, $where, $why) = @$rule;
        next if grep { $_ ne '-' && index($file, $_) == 0 } split /\s+/, $where;
        my $pattern = $what =~ /^(\w+)\($/ ? qr/(?<![\w.>])\Q$1\E\s*\(/ : qr/^\s*#\s*include\s*\Q$what\E/;
        each_line($code, sub { finding($file, $_[0], 'banned', "$what: $why") if $_[1] =~ $pattern; });
    }
}

sub check_form {
    my ($file, $text) = @_;
    finding($file, 1, 'licence', 'the first line names the SPDX licence')
        unless $text =~ m{\A(?:#!.*\n)?(?:/\*|#|//) SPDX-License-Identifier: Apache-2.0};
    my $count = () = $text =~ /\n/g;
    finding($file, $count, 'size', "$count lines, 500 are the limit") if $count > 500;
    each_line($text, sub {
        my ($line, $words) = @_;
        finding($file, $line, 'promise', 'open work without the number of its issue')
            if $words =~ /\b(?:TO\x44O|FIX\x4dE)\b(?!.*#\d)/;
        finding($file, $line, 'space', 'white space at the end of the line') if $words =~ /[ \t]$/;
    });
    return unless $file =~ /\.h$/;
    my $guard = uc $file =~ s/\W/_/gr;
    finding($file, 1, 'guard', "the include guard is called $guard") unless $text =~ /^#ifndef $guard\n#define $guard$/m;
}

# --- Habits (docs/style.md) --------------------------------------------------------------------------------------

sub check_habits {
    my ($file, $text) = @_;
    my $code = code_of($text, 1);
    each_line($code, sub {
        my ($line, $words) = @_;
        finding($file, $line, 'typedef', 'structs, unions and enums go by their tag')
            if $words =~ /^\s*typedef\s+(?:struct|union|enum)\s*(?:\w+\s*)?(?:\{|\b\w+\s*;)/;
        finding($file, $line, 'paste', 'builds a name that nobody can search for; a .def list alone may, as BEGINNING_##symbol')
            if $words =~ /##/ && $words !~ /\w_##symbol\b/;
    });
    finding($file, 2, 'endpoint', 'the first comment names method and path of what stands here')
        if $file =~ m{^protocols/} && $code =~ /^endpoint_\w+\(/m
        && $text !~ m{\A[^\n]*\n/\*(?:\n \*)? (?:GET|POST|PUT|DELETE)\b};
}

# --- Nothing of this machine -------------------------------------------------------------------------------------

sub check_places {
    my ($file, $text) = @_;
    finding($file, 1, 'place', 'a lock file carries no download addresses (omit-lockfile-registry-resolved)')
        if $file =~ /package-lock\.json$/ && $text =~ /"resolved"/;
    each_line($text, sub {
        my ($line, $words) = @_;
        finding($file, $line, 'place', "a path of one machine: $1") if $words =~ m{(?<![\w.\$\}*])(/(?:work|root|tmp/wt)/\S*)};
        finding($file, $line, 'place', "a package registry: $1")
            if $words =~ m{\bhttps?://((?:registry|pypi|files|repo1?|proxy|deb|static|index)\.[a-z]\S*)};
    });
}

# --- Documents name only what exists ----------------------------------------------------------------------------

# In backticks, with an extension, without a placeholder in capitals.
sub check_references {
    my ($file, $text) = @_;
    each_line($text, sub {
        my ($line, $words) = @_;
        while ($words =~ m{`((?:idp|keys|policies|protocols|tests|docs)/[^`\s]+\.\w+)`}g) {
            finding($file, $line, 'reference', "$1 is not there") unless $known{$1} || $1 =~ /[A-Z]{4}/;
        }
        while ($words =~ m{\]\(([^)#:]+)\)}g) {
            my $path = $1;
            $path = "$1$path" if $file =~ m{^(.*/)};
            1 while $path =~ s{[^/]+/\.\./}{};
            finding($file, $line, 'reference', "$path is not there") unless -e $path;
        }
    });
}

# --- Mirrors -----------------------------------------------------------------------------------------------------

# keys/jws.c and its part keys/jws_read.c: tests/keys/test_jws.c will do for both.
sub mirrors_of {
    my ($file) = @_;
    my ($folder, $stem) = ($file =~ s{^(?:idp/)?}{tests/}r) =~ m{^(.*/)([^/]+)\.c$};
    my @tests = ("${folder}test_$stem.c");
    push @tests, "${folder}test_$stem.c" while $stem =~ s/_[^_]*$//;
    return @tests;
}

sub check_mirrors {
    my %elsewhere = map { $_->[0] => $_->[1] } read_table('tests/ci/mirrors.txt', qr/\s*\|\s*/);
    for my $file (grep { m{^(?:idp|keys|policies|protocols)/.*\.c$} } @files) {
        my @tests = $elsewhere{$file} // mirrors_of($file);
        finding($file, 1, 'mirror', "has no test $tests[0]") unless grep { $known{$_} } @tests;
    }
    finding('tests/ci/mirrors.txt', 1, 'mirror', "$_ is gone") for grep { !$known{$_} } sort keys %elsewhere;
}

# --- A header of each source's name -------------------------------------------------------------------------------

# What is exported is declared in the header of the source's name; keys/jwk_import.c, a part of keys/jwk.c, may do with
# keys/jwk.h. headers.txt names the headers of a source, or of a folder, whose functions stand elsewhere.
sub headers_of {
    my ($file, $elsewhere) = @_;
    my @headers = map { split / /, $elsewhere->{$_} } grep { $file eq $_ || index($file, "$_/") == 0 } sort keys %$elsewhere;
    my $stem = $file =~ s/\.c$//r;
    push @headers, "$stem.h";
    push @headers, "$stem.h" while $stem =~ s/_[^_\/]*$//;
    return @headers;
}

sub exported_of {
    my ($code) = @_;
    my @names;
    push @names, [$1, 1 + (substr($code, 0, $-[1]) =~ tr/\n//)]
        while $code =~ /^(?!static\b)[a-z][^\n;{}()]*\n(\w+)\([^;{}]*\)\s*\{/gm;
    return grep { $_->[0] ne 'main' } @names;
}

sub check_headers {
    my $list = 'tests/ci/headers.txt';
    my %elsewhere = $known{$list} ? map { $_->[0] => $_->[1] } read_table($list, qr/\s*\|\s*/) : ();
    my %declared;
    for my $file (grep { m{^(?:idp|keys|policies|protocols)/.*\.c$} } @files) {
        my @headers = grep { $known{$_} } headers_of($file, \%elsewhere);
        my $declared = join '', map { $declared{$_} //= code_of(read_text($_), 1) } @headers;
        for my $function (exported_of(code_of(read_text($file), 1))) {
            my ($name, $line) = @$function;
            finding($file, $line, 'own header', "$name is not declared in @{[(headers_of($file, \%elsewhere))[0]]}")
                unless $declared =~ /\b$name\(/;
        }
    }
    for my $place (sort keys %elsewhere) {
        finding($list, 1, 'own header', "$place is gone") unless grep { $_ eq $place || index($_, "$place/") == 0 } @files;
    }
}

# --- No function without a caller ---------------------------------------------------------------------------------

# A header that declares a function does not call it.
sub mentions {
    my ($file, $code) = @_;
    $code =~ s/^[a-z][^\n;{}()#]*\b\w+\([^;{}]*;//gm if $file =~ /\.h$/;
    return $code =~ /\b([a-z]\w*)\b/g;
}

sub check_callers {
    my $list = 'tests/ci/callerless.txt';
    return unless $known{$list};
    my %excused = map { $_->[0] => $_->[1] } read_table($list, qr/\s*\|\s*/);
    my (%place, %count);
    for my $file (grep { m{^(?:idp|keys|policies|protocols)/.*\.(?:c|h|def)$} } @files) {
        my $code = code_of(read_text($file), 1);
        $count{$_}++ for mentions($file, $code);
        next unless $file =~ /\.c$/;
        $place{$_->[0]} = [$file, $_->[1]] for exported_of($code);
    }
    for my $name (sort grep { $count{$_} == 1 } keys %place) {
        finding(@{$place{$name}}, 'caller', "nothing calls $name, and $list does not name who will") unless $excused{$name};
    }
    for my $name (sort keys %excused) {
        finding($list, 1, 'caller', "$name is gone or has a caller") unless $place{$name} && $count{$name} == 1;
        finding($list, 1, 'caller', "$name: name the issue that needs it, or tests") if $excused{$name} !~ /^(?:issue \d+|tests): \S/;
    }
}

# --- Every problem is provoked by some test ---------------------------------------------------------------------------

sub check_problems {
    my $list = 'idp/base/problem.def';
    return unless grep { $_ eq $list } @files;
    my $tests = join "\n", map { read_text($_) } grep { m{^tests/.*\.(?:c|h|mjs)$} } @files;
    each_line(read_text($list), sub {
        my ($line, $words) = @_;
        return unless $words =~ /^PROBLEM\((\w+),/;
        finding($list, $line, 'provoked', "no test provokes $1")
            unless $tests =~ /\bproblem_$1\b|error-$1\b|['"]$1['"]/;
    });
}

# --- SQL that every engine takes (docs/adr/0003) -----------------------------------------------------------------

my %foreign = (
    'a sequence' => qr/(?-i:\b(?:BIG|SMALL)?SERIAL\b)|\bSEQUENCE\b|\bNEXTVAL\b|\bAUTOINCREMENT\b|\bIDENTITY\s+\(|\bGENERATED\b/i,
    'the database\'s own clock or randomness' => qr/\bNOW\s*\(|\bCURRENT_(?:TIME|DATE)|\bRANDOM\s*\(|\bDATETIME\s*\(/i,
    'a dialect\'s upsert' => qr/\bON\s+(?:CONFLICT|DUPLICATE)\b|\bINSERT\s+OR\b|\bREPLACE\s+INTO\b|\bMERGE\s+INTO\b/i,
    'locking by statement' => qr/\bFOR\s+(?:NO\s+KEY\s+)?(?:UPDATE|SHARE)\b|\bLOCK\s+TABLE\b|\bADVISORY\b/i,
    'notification' => qr/\b(?:UN)?LISTEN\b|\bNOTIFY\b/i,
    'code inside the database' => qr/\bTRIGGER\b|\bPROCEDURE\b|\bCREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\b/i,
    'a type or operator of one engine' => qr/\bENUM\b|\bJSONB?\b|\bUUID\b|\bCITEXT\b|\bARRAY\b|\bILIKE\b|::/i,
    'TRUNCATE' => qr/\bTRUNCATE\b/i,
    'table inheritance' => qr/\bINHERITS\b/i,
    'a unique key beside the primary one' => qr/\bUNIQUE\b/i,
    'two-phase commit' => qr/\bPREPARE\s+TRANSACTION\b/i,
);

sub check_sql {
    my ($file, $line, $sql) = @_;
    for my $what (sort keys %foreign) { finding($file, $line, 'sql', "uses $what") if $sql =~ $foreign{$what}; }
    finding($file, $line, 'sql', 'parameters are numbered $1, $2, not ?') if $sql =~ /\?/;
}

sub check_statements {
    my ($file, $text) = @_;
    my $code = code_of($text, 0);
    while ($code =~ /((?:"(?:\\.|[^"\\\n])*"\s*(?:\w+\s*(?="))?)+)/g) {
        my ($literal, $before) = ($1, substr($code, 0, $-[1]));
        my $sql = join '', $literal =~ /"((?:\\.|[^"\\\n])*)"/g;
        next unless $sql =~ /^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|REPLACE|MERGE)\s/;
        check_sql($file, 1 + ($before =~ tr/\n//), $sql);
    }
}

# Whoever reads many rows says how many at most. A function that is given the text and reads with it is asked like
# rows_read() itself: the text stands in its callers.
sub check_lists {
    my ($file, $text) = @_;
    my (@functions, %lister);
    my $line = 1;
    for my $part (split /(?<=\n\})/, code_of($text, 0)) {
        push @functions, [$line, $part];
        $line += ($part =~ tr/\n//);
        $lister{$1} = 1 if $part =~ /^(\w+)\([^{;]*const char \*sql\b[^{;]*\)\s*\{.*\brows_read\(/ms;
    }
    my $calls = join '|', 'rows_read', sort keys %lister;
    for my $function (@functions) {
        my ($start, $part) = @$function;
        next unless $part =~ /^(\w+\([^{;]*\)\s*\{.*(?:\b(?:$calls)\s*\(|\.each\s*=).*)\z/ms;
        $start += (substr($part, 0, $-[1]) =~ tr/\n//);
        $part = $1;
        while ($part =~ /((?:"(?:\\.|[^"\\\n])*"\s*(?:\w+\s*(?="))?)+)/g) {
            my ($literal, $before) = ($1, substr($part, 0, $-[1]));
            my $sql = join '', $literal =~ /"((?:\\.|[^"\\\n])*)"/g;
            finding($file, $start + ($before =~ tr/\n//), 'sql', 'a list without LIMIT')
                if $sql =~ /^\s*(?:SELECT|WITH)\s|\sRETURNING\s/ && $sql !~ /\bLIMIT\b/;
        }
    }
}

# A migration that is marked leaves alone what programs of the version before use; one that is not marked has its reasons
# in an ADR. Those up to 0003 are from before the marks and cannot be changed any more.
my $adding = qr/^(?:CREATE TABLE|CREATE INDEX|DROP INDEX|INSERT INTO|UPDATE|ALTER TABLE \w+ ADD COLUMN .* DEFAULT) /;

sub check_mark {
    my ($file, $text, $bare) = @_;
    my ($name, $number) = $file =~ m{(([0-9]+)_[^/]*)$} or return;
    if ($text !~ /^-- additive\n/) {
        return if $number <= 3 || grep { index(read_text($_), $name) >= 0 } grep { m{^docs/adr/} } @files;
        finding($file, 1, 'sql', 'neither "-- additive" in its first line nor named in an ADR');
        return;
    }
    while ($bare =~ /\S.*?(?:;\n|\z)/gs) {
        my $start = $-[0];
        my $statement = $& =~ s/\s+/ /gr;
        next if $statement =~ $adding;
        finding($file, 1 + (substr($bare, 0, $start) =~ tr/\n//), 'sql', 'does more than add, in a migration marked additive');
    }
}

sub check_schema {
    my ($file, $text) = @_;
    (my $bare = $text) =~ s/--[^\n]*//g;
    check_mark($file, $text, $bare);
    my $table = '';
    my $inside = 0;
    my $keyed = 1;
    each_line($bare, sub {
        my ($line, $words) = @_;
        check_sql($file, $line, $words);
        if ($words =~ /CREATE TABLE (\w+)/) { ($table, $inside, $keyed) = ($1, 1, 0); return; }
        return unless $inside;
        $keyed = 1 if $words =~ /PRIMARY KEY/;
        finding($file, $line, 'sql', "column $1 is $2; the types are TEXT, BIGINT and BYTEA")
            if $words =~ /^\s+([a-z_]+) ([A-Za-z]+)/ && $2 !~ /^(?:TEXT|BIGINT|BYTEA)$/;
        return unless $words =~ /^\);/;
        finding($file, $line, 'sql', "table $table has no primary key") unless $keyed;
        $inside = 0;
    });
}

# --- One meaning for each name -----------------------------------------------------------------------------------

# Names that the outside asks for, and that each program therefore has anew.
my %of_all = map { $_ => 1 } qw(main() LLVMFuzzerTestOneInput());
my (%meanings, %exported);

# "struct X" for what is defined as a tag, "X()" for a function, with the places of both.
sub collect_names {
    my ($file, $text) = @_;
    my $code = code_of($text, 1);
    my $line_at = sub { 1 + (substr($code, 0, $_[0]) =~ tr/\n//) };
    while ($code =~ /^(?:static |const )*(struct|enum|union)\s+(\w+)\s*\{/mg) {
        push @{$meanings{"$1 $2"}}, [$file, $line_at->($-[2])];
    }
    while ($code =~ /^((?:[\w*]+[ \t*]+)*[\w*]+)[ \t]*\n(\w+)\([^{};]*\)\s*\{/mg) {
        my ($type, $name, $at) = ($1, "$2()", $-[2]);
        push @{$meanings{$name}}, [$file, $line_at->($at)];
        $exported{$name} = 1 unless $type =~ /\bstatic\b/;
    }
}

# Static functions of two files may share a name, but none has that of an exported one.
sub check_names {
    for my $name (sort keys %meanings) {
        my @places = @{$meanings{$name}};
        next if @places < 2 || $of_all{$name} || ($name =~ /\(/ && !$exported{$name});
        finding(@{$places[1]}, 'name', "$name has another meaning in $places[0][0]");
    }
}

# --- Attack rows (docs/attacks.md) and words from elsewhere -----------------------------------------------------------

my $attacks = 'docs/attacks.md';
my %attack = $known{$attacks} ? map { $_ => 1 } read_text($attacks) =~ /^\| ([A-Z]{2}-\d\d) \|/mg : ();

sub check_attack {
    my ($file, $line, $row) = @_;
    finding($file, $line, 'attack', "$row is no row of $attacks") unless $attack{$row};
}

# A newcomer has this repository and nothing else: rows stand in attacks.md, and no other list is cited by number.
sub check_citations {
    my ($file, $text) = @_;
    each_line($text, sub {
        my ($line, $words) = @_;
        check_attack($file, $line, $_) for $words =~ /\b([A-Z]{2}-\d\d)\b/g;
        finding($file, $line, 'attack', "cites $1, which is not in the repository")
            if $words =~ m{\b((?:design|domain)(?:\.md)? \d[\d.]*|reference/\w+\.md)};
        finding($file, $line, 'attack', 'a row without the test that shows it')
            if $file eq $attacks && $words =~ /^\| [A-Z]{2}-\d\d \|.*\|.*\|/ && $words !~ /`tests\/[^`]+` \|$|— \|$/;
    });
}

# --- Documents and the picture -----------------------------------------------------------------------------------

my %functions;

sub collect_functions {
    my ($text) = @_;
    $functions{$_} = 1 for $text =~ /\b(\w+)\(/g;
}

# `name()` in a document is a function of the sources.
sub check_functions {
    my ($file) = @_;
    each_line(read_text($file), sub {
        my ($line, $words) = @_;
        for my $name ($words =~ /`(\w+)\(\)`/g) {
            finding($file, $line, 'reference', "$name() is in no source") unless $functions{$name};
        }
    });
}

# The picture of the layers is layers.txt, highest first.
sub check_picture {
    my $file = 'docs/architecture.md';
    return unless $known{$file};
    my ($picture) = read_text($file) =~ /^```layers\n(.*?)^```$/ms;
    my @drawn = split /\n/, $picture // '';
    my @held = reverse map { join ' ', @$_ } grep { $_->[0] ne 'only' } read_table('tests/ci/layers.txt', qr/\s+/);
    for my $i (0 .. $#held) {
        my $row = join ' ', split ' ', ($drawn[$i] // '');
        return finding($file, 1, 'picture', "row @{[$i + 1]} of the layers is \"$held[$i]\", not \"$row\"") if $row ne $held[$i];
    }
    finding($file, 1, 'picture', 'has more rows than tests/ci/layers.txt') if @drawn > @held;
}

# --- All of it ---------------------------------------------------------------------------------------------------

for my $file (@files) {
    my $text = read_text($file);
    next if $text =~ /\0/ || $file =~ m{^tests/fuzz/corpus/};
    check_places($file, $text);
    check_references($file, $text) if $file =~ /\.md$/;
    check_citations($file, $text) if $file =~ /\.(?:c|h|mjs|md)$/;
    check_form($file, $text) if $file =~ /\.(?:c|h|sh|pl)$/;
    if ($file =~ /\.[ch]$/) {
        check_includes($file, $text);
        check_banned($file, $text);
        check_habits($file, $text);
        collect_functions(code_of($text, 1));
        collect_names($file, $text) if $file =~ m{^(?:idp|keys|policies|protocols|tests)/};
    }
    check_statements($file, $text) if $file =~ m{^idp/(?:store/(?!sqlite|postgres)|tables/).*\.c$};
    check_lists($file, $text) if $file =~ m{^idp/(?!store/(?:sqlite|postgres)).*\.c$};
    check_schema($file, $text) if $file =~ m{^(?:idp/store/schema|tests/next)/.*\.sql$};
}
check_loops();
check_mirrors();
check_headers();
check_callers();
check_problems();
check_names();
check_picture();
check_functions($_) for grep { m{^docs/[^/]*\.md$|^README} } @files;
