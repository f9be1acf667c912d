# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A house for tests of what is installed: this machine's own files under a layer that takes all writing and is thrown
# away, with a systemd of its own, processes, users and network of its own. It needs root; nothing outside is touched.
house=
house_pid=

# Whether there can be one here.
house_can() {
    local at can=1
    [ "$(id -u)" = 0 ] && [ -x /lib/systemd/systemd ] || return
    at=$(mktemp -d)
    unshare -m -p -f -n -C sh -ec 'mount -t tmpfs none "$1" && mkdir "$1/u" "$1/w" "$1/m" "$1/c"
        mount -t overlay none -o "lowerdir=/,upperdir=$1/u,workdir=$1/w" "$1/m"
        mount -t cgroup2 none "$1/c"
        ip link add wire type veth peer name other' sh "$at" 2>/dev/null || can=0
    rmdir "$at"
    [ $can = 1 ]
}

# Runs as the first process of the house's namespaces.
house_enter() {
    local root=$1/root name
    mount -t tmpfs -o mode=755 none "$1"
    mkdir "$1/up" "$1/work" "$root"
    mount -t overlay none -o "lowerdir=/,upperdir=$1/up,workdir=$1/work" "$root"
    mount -t proc none "$root/proc"
    mount -t sysfs none "$root/sys"
    mount -t cgroup2 none "$root/sys/fs/cgroup"
    for name in dev run tmp; do mount -t tmpfs -o mode=755 none "$root/$name"; done
    chmod 1777 "$root/tmp"
    mkdir "$root/dev/pts" "$root/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666 none "$root/dev/pts"
    for name in null zero full random urandom tty; do
        : >"$root/dev/$name"
        mount --bind "/dev/$name" "$root/dev/$name"
    done
    ln -s pts/ptmx "$root/dev/ptmx"
    ln -s /proc/self/fd "$root/dev/fd"
    # Only what the tests start runs there; a journal that is not kept.
    rm -f "$root/usr/sbin/policy-rc.d"
    printf '[Journal]\nStorage=volatile\nAudit=no\n' >"$root/etc/systemd/journald.conf"
    cd "$root" || return
    mkdir -p mnt/outside
    mount --make-rprivate /
    pivot_root . mnt/outside
    umount -l /mnt/outside
    container=lxc exec /lib/systemd/systemd --unit=basic.target --log-target=null
}

# house_open DIR: DIR is empty, and on no machine's disk when it is over.
house_open() {
    local shell
    house=$1
    export -f house_enter
    unshare --mount --pid --net --uts --ipc --cgroup --fork --kill-child \
        bash -euc 'house_enter "$1"' house "$house" >"$house.log" 2>&1 </dev/null &
    shell=$!
    for _ in {1..300}; do
        house_pid=$(pgrep -P $shell || true)
        [ -z "$house_pid" ] || ! house_run systemctl is-active -q basic.target 2>/dev/null || return 0
        kill -0 $shell 2>/dev/null || break
        sleep 0.1
    done
    cat "$house.log"
    echo "no house: its systemd did not start"
    return 1
}

# house_run COMMAND…: in the house, as root.
house_run() {
    nsenter -t "$house_pid" -m -p -n -u -i -C -r -w env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/srv LANG=C.UTF-8 "$@"
}

# house_put FILE PATH: a copy of a file of outside; what is in it from outside changes only then.
house_put() {
    house_run sh -c 'cat >"$1"' sh "$2" <"$1"
}

house_close() {
    [ -z "$house_pid" ] || kill -9 "$house_pid" 2>/dev/null || true
    house_pid=
}
