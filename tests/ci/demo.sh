#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs the whole house on this machine: server, simulators of bank and SMS, two partners. `./dev demo` builds it first.
# demo.sh [--fresh]: with --fresh everything that was registered is forgotten. Tests set DEMO_… to stay out of the way.
set -euo pipefail
cd "$(dirname "$0")/../.."

build=${DEMO_BUILD:-$PWD/build/release}
data=${DEMO_DATA:-$PWD/demo-data}
server_port=${DEMO_SERVER_PORT:-9080}
admin_port=${DEMO_ADMIN_PORT:-9089}
sms_port=${DEMO_SMS_PORT:-9081}
bank_port=${DEMO_BANK_PORT:-9082}
webhall_port=${DEMO_WEBHALL_PORT:-9091}
hospital_port=${DEMO_HOSPITAL_PORT:-9092}
issuer=http://localhost:$server_port
config=$data/tongxing.conf

START_WITHIN_S=30
STOP_WITHIN_S=20

declare -A name_of=() # by process id

say() { printf '%s\n' "$*"; }

# --- Ending ----------------------------------------------------------------------------------------------------------

any_alive() {
    local pid
    for pid in "${!name_of[@]}"; do
        kill -0 "$pid" 2>/dev/null && return 0
    done
    return 1
}

end_all() {
    local deadline=$((SECONDS + STOP_WITHIN_S)) pid
    trap '' INT TERM
    for pid in "${!name_of[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    while any_alive && [ $SECONDS -lt $deadline ]; do sleep 0.1; done
    for pid in "${!name_of[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    name_of=()
}

die() {
    say "demo: $*" >&2
    exit 1
}

interrupted() {
    say
    say "ending …"
    end_all
    say "ended. 已结束。"
    exit 0
}

# --- Preparing -------------------------------------------------------------------------------------------------------

port_is_taken() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || (exec 3<>"/dev/tcp/::1/$1") 2>/dev/null
}

check_ports() {
    local port
    for port in "$server_port" "$admin_port" "$sms_port" "$bank_port" "$webhall_port" "$hospital_port"; do
        ! port_is_taken "$port" ||
            die "port $port is in use by another program. Please end that program (an earlier demo?) and try again."
    done
}

# A secret made once and kept in the data folder.
secret_of() {
    local file=$data/secret.$1
    [ -s "$file" ] || (umask 077 && head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$file")
    cat "$file"
}

write_config() {
    (umask 077 && cat >"$config") <<END
# Written anew by each start of the demo.
[server]
issuer = $issuer
listen = 127.0.0.1:$server_port
admin_listen = 127.0.0.1:$admin_port
[store]
url = sqlite:$data/store.db
[keys]
encryption_key_file = $data/kek
[bank]
url = http://127.0.0.1:$bank_port/gateway/api/
merchant_id = 777290058110097
certificate_file = $data/bank/merchant.pem
key_file = $data/bank/merchant.key
root_file = $data/bank/root.pem
middle_file = $data/bank/middle.pem
deadline_s = 3
[sms]
url = http://127.0.0.1:$sms_port/
access_key_id = sim-key-id
access_key_secret = sim-key-secret
sign_name = 通行
template_code_register = SMS_REGISTER
template_code_login = SMS_LOGIN
template_code_bank = SMS_BANK
template_code_recover = SMS_RECOVER
template_code_notice = SMS_NOTICE
template_partner = partner
[outbound]
allow_loopback = yes
[errors]
explain = yes
END
}

# partner_entry ID PORT NAME_ZH NAME_EN SCOPE
partner_entry() {
    cat <<END
    {
      "client_id": "$1",
      "client_name": "$3",
      "client_name#en": "$4",
      "client_secret": "$(secret_of "$1")",
      "token_endpoint_auth_method": "client_secret_basic",
      "id_token_signed_response_alg": "ES256",
      "redirect_uris": ["http://localhost:$2/callback"],
      "post_logout_redirect_uris": ["http://localhost:$2/logged-out"],
      "initiate_login_uri": "http://localhost:$2/login",
      "client_uri": "http://localhost:$2/",
      "backchannel_logout_uri": "http://localhost:$2/backchannel",
      "scope": "$5"
    }
END
}

webhall=(webhall "$webhall_port" 网上办事大厅 "Online Service Hall" "openid profile realname phone")
hospital=(hospital "$hospital_port" 市人民医院 "City People's Hospital" "openid profile realname")

write_partners() {
    (umask 077 && cat >"$data/partners.json") <<END
{
  "partners": [
$(partner_entry "${webhall[@]}"),
$(partner_entry "${hospital[@]}")
  ]
}
END
}

prepare_step() {
    "$build/tongxing" "$@" --config "$config" >>"$data/log/prepare.log" 2>&1 ||
        { tail -20 "$data/log/prepare.log" >&2; die "'tongxing $*' failed."; }
}

prepare() {
    mkdir -p "$data/log" "$data/bank"
    : >"$data/log/prepare.log"
    write_config
    write_partners
    prepare_step migrate
    prepare_step key init
    prepare_step partner apply "$data/partners.json"
}

# --- Starting --------------------------------------------------------------------------------------------------------

answers() {
    local line
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET / HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n\r\n' "$1" >&3
    read -r -t 5 line <&3 && [[ $line == HTTP/1.1* ]]
} 2>/dev/null

part_died() {
    say "demo: $1 has ended by itself. The end of $data/log/$1.log:" >&2
    tail -20 "$data/log/$1.log" >&2
    exit 1
}

# start NAME PORT PROGRAM [ARGUMENT…]: returns when it answers on its port.
start() {
    local name=$1 port=$2 deadline=$((SECONDS + START_WITHIN_S)) pid
    shift 2
    say "starting $name …"
    "$@" >"$data/log/$name.log" 2>&1 </dev/null &
    pid=$!
    name_of[$pid]=$name
    until (answers "$port"); do
        kill -0 "$pid" 2>/dev/null || part_died "$name"
        [ $SECONDS -lt $deadline ] || die "$name did not answer on port $port in $START_WITHIN_S s; see $data/log/$name.log"
        sleep 0.1
    done
}

# start_partner THEME ID PORT NAME_ZH NAME_EN SCOPE
start_partner() {
    start "$2" "$3" "$build/tests/partner_sim" --theme "$1" --client-id "$2" --port "$3" --name-zh "$4" --name-en "$5" \
        --scope "$6" --issuer "$issuer" --client-secret "$(secret_of "$2")"
}

# --- Telling ---------------------------------------------------------------------------------------------------------

row() { printf '  %-24s %s\n' "$@"; }
person() { printf '  %-20s %-21s %-13s %s\n' "$@"; }

tell() {
    say
    say "地址 Addresses"
    row "http://localhost:$webhall_port" "网上办事大厅 · web hall: 从这里开始 start here"
    row "http://localhost:$hospital_port" "医院 · hospital: 同一次登录 the same login"
    row "$issuer" "通行 · Tongxing: 我的账号 my account"
    row "http://localhost:$sms_port" "短信验证码 · the codes sent to phones are read here"
    say
    say "可用来注册的人（虚构：身份证号、银行卡、手机、姓名）People to register, all invented"
    person "identity number" "bank card" "phone" "name"
    person 11010519491231002X 6216261000000000018 13800138000 张三
    person 440106196204150020 6216260000100180018 13800138001 李秀英
    person 440305199008200033 6216260000100260018 13800138002 王小明
    say
    say "结果特别的人 People with another outcome"
    person 440104201506010024 6216260000100590018 13800138005 "陈一一: 未满14岁 under 14, needs a guardian"
    person 440111198801120049 6216260000100890061 13800138061 "赵敏华: 银行拒绝此卡 the bank refuses the card"
    person 440111199602140025 6216260000101440098 13800138098 "冯静仪: 银行不答复 the bank never answers"
    person 441900200002290020 6216261000000000018 13800138007 "林晓燕: 张三的卡，不一致 another's card, mismatch"
    say
    say "数据 data: $data (./dev demo --fresh 清空 forgets all), 日志 logs: $data/log"
    say "ready 已就绪: http://localhost:$webhall_port  (Ctrl-C 结束 ends everything)"
}

# --- The whole -------------------------------------------------------------------------------------------------------

case ${1:-} in
'' | --fresh) ;;
*) say "usage: ./dev demo [--fresh]" >&2; exit 2 ;;
esac
[ -x "$build/tongxing" ] && [ -x "$build/tests/partner_sim" ] || die "nothing is built yet: run ./dev demo"
check_ports
[ "${1:-}" != --fresh ] || rm -rf "$data"
trap end_all EXIT
trap interrupted INT TERM

mkdir -p "$data/log" "$data/bank"
start bank "$bank_port" "$build/tests/bank_sim" --port "$bank_port" --dir "$data/bank"
start sms "$sms_port" "$build/tests/sms_sim" --port "$sms_port"
prepare
start server "$server_port" "$build/tongxing" serve --config "$config"
start_partner hall "${webhall[@]}"
start_partner hospital "${hospital[@]}"
tell

ended=
wait -n -p ended "${!name_of[@]}" || true
[ -z "$ended" ] || part_died "${name_of[$ended]}"
