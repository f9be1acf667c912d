#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Prints a port nobody listens on. It is below those that the system gives to whoever asks for any, among them the calling
# side of every connection: one of those may be gone again before a program listens there.
use strict;
use warnings;
use Socket;

for (1 .. 100) {
    my $port = 10000 + int(rand(22000));

    socket(my $socket, PF_INET, SOCK_STREAM, 0) or die "no socket: $!\n";
    if (bind($socket, sockaddr_in($port, INADDR_LOOPBACK))) {
        print "$port\n";
        exit 0;
    }
}
die "no port is free\n";
