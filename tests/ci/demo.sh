#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs the whole house on this machine: server, simulators of bank and SMS, two partners, and a first page that shows
# them. demo_help says what it can do; it is asked before anything is installed or built.
set -euo pipefail
cd "$(dirname "$0")/../.."

data=${DEMO_DATA:-$PWD/demo-data}
build=${DEMO_BUILD:-$PWD/build/release}
first_port=${DEMO_FIRST_PORT:-9090}
server_port=${DEMO_SERVER_PORT:-9080}
admin_port=${DEMO_ADMIN_PORT:-9089}
sms_port=${DEMO_SMS_PORT:-9081}
bank_port=${DEMO_BANK_PORT:-9082}
webhall_port=${DEMO_WEBHALL_PORT:-9091}
hospital_port=${DEMO_HOSPITAL_PORT:-9092}
kiosk_port=${DEMO_KIOSK_PORT:-9093}
telephone_port=${DEMO_TELEPHONE_PORT:-9097}
app_port=${DEMO_APP_PORT:-9094}
card_port=${DEMO_CARD_PORT:-9083}
wechat_port=${DEMO_WECHAT_PORT:-9095}
wechathall_port=${DEMO_WECHATHALL_PORT:-9096}
staff_port=${DEMO_STAFF_PORT:-9084}
desk_port=${DEMO_DESK_PORT:-9098}
window_port=${DEMO_WINDOW_PORT:-9099}
staff_url=http://localhost:$staff_port
directory=
config=$data/tongxing.conf
people=tests/sims/first/files/people.tsv
ready_password=Tongxing-demo-2026

# With --lan: what a phone reaches, and how each part listens there.
lan_address=
lan_arguments=()

START_WITHIN_S=60
STOP_WITHIN_S=20
CERTIFICATE_DAYS=30

demo_help() {
    cat <<TEXT
./dev demo [--fresh] [--lan]
在本机运行整套演示：统一身份认证服务、两个接入应用、模拟的银行和短信网关。Ctrl-C 结束。
Installs what is missing, builds, and runs everything on this machine until Ctrl-C. Begin at the first page,
http://localhost:$first_port. What was registered stays until the next run. While it runs, a second one only says where.

  --fresh   清空后重新开始 forget all that was registered, first
  --lan     在局域网内用手机查看 also listen in the local network, by https with a certificate of our own making, so
            that a phone can try it. The phone's browser warns about the certificate; everybody in that network can
            use the demo. 手机浏览器会提示证书不受信任；同一网络内的人都能使用演示。
  --help    this

Variables, with what they are when not set:
  DEMO_DATA=$data
  DEMO_FIRST_PORT=$first_port      first page
  DEMO_SERVER_PORT=$server_port     Tongxing
  DEMO_ADMIN_PORT=$admin_port      its metrics and live page, for operators
  DEMO_WEBHALL_PORT=$webhall_port    first partner
  DEMO_HOSPITAL_PORT=$hospital_port   second partner
  DEMO_KIOSK_PORT=$kiosk_port      self-service terminal
  DEMO_TELEPHONE_PORT=$telephone_port  a desk of the hotline 12333
  DEMO_APP_PORT=$app_port        telephone with two apps
  DEMO_WECHAT_PORT=$wechat_port     simulated WeChat: a phone, its official account and mini program
  DEMO_WECHATHALL_PORT=$wechathall_port the official account's pages
  DEMO_STAFF_PORT=$staff_port      pages of staff at counters
  DEMO_DESK_PORT=$desk_port       what a visitor needs to sit at a counter
  DEMO_WINDOW_PORT=$window_port     a business system of the counter
  DEMO_SMS_PORT=$sms_port        simulated text messages
  DEMO_BANK_PORT=$bank_port       simulated bank network
  DEMO_CARD_PORT=$card_port       simulated card office
  DEMO_LAN_ADDRESS         this machine's address in the local network; the first private one that it has
  DEMO_BUILD               programs that are built already; not set: build/release, built anew
TEXT
}

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
    trap '' INT TERM HUP
    for pid in "${!name_of[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    stop_directory
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

# --- Looking first -------------------------------------------------------------------------------------------------

# Nothing but a demo's own folder is ever written to or emptied.
check_data() {
    [ ! -e "$data" ] || [ -z "$(ls -A "$data")" ] || [ -e "$data/lock" ] ||
        grep -q '^# Written anew by each start of the demo' "$config" 2>/dev/null ||
        die "$data holds other things. Please name an empty folder by DEMO_DATA."
}

# One demo for a folder. The lock is held by this process alone, so it goes with it.
take_lock() {
    mkdir -p "$data"
    exec 9>>"$data/lock"
    flock -n 9 && return
    [ -z "$fresh" ] || die "a demo runs with $data. Please end it before --fresh."
    say "演示已在运行或正在启动 a demo runs already, or is starting: $(cat "$data/address" 2>/dev/null)"
    exit 0
}

forget_all() {
    find "$data" -mindepth 1 -maxdepth 1 ! -name lock -exec rm -rf {} +
}

port_is_taken() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || (exec 3<>"/dev/tcp/::1/$1") 2>/dev/null
}

check_ports() {
    local name port
    for name in FIRST SERVER ADMIN SMS BANK CARD WEBHALL HOSPITAL KIOSK APP WECHAT WECHATHALL STAFF DESK WINDOW; do
        port=${name,,}_port
        ! port_is_taken "${!port}" ||
            die "port ${!port} is in use by another program. Please end it (an earlier demo?), or set DEMO_${name}_PORT."
    done
}

# --- In the local network ------------------------------------------------------------------------------------------

# The first address that only a local network has (RFC 1918).
private_address() {
    hostname -I | tr ' ' '\n' | grep -E -m1 '^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.)' || true
}

certificate_fits() {
    openssl x509 -in "$data/lan.pem" -noout -checkend 86400 >/dev/null 2>&1 &&
        openssl x509 -in "$data/lan.pem" -noout -checkip "$lan_address" | grep -q 'does match'
}

prepare_lan() {
    lan_address=${DEMO_LAN_ADDRESS:-$(private_address)}
    [ -n "$lan_address" ] || die "this machine has no private IPv4 address. Please name one by DEMO_LAN_ADDRESS."
    certificate_fits || (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -days "$CERTIFICATE_DAYS" -subj "/CN=Tongxing demo" -addext "subjectAltName=IP:$lan_address" \
        -keyout "$data/lan.key" -out "$data/lan.pem" 2>/dev/null) || die "openssl made no certificate for $lan_address."
    lan_arguments=(--lan "$lan_address" --certificate "$data/lan.pem" --key "$data/lan.key")
}

site() {
    if [ -n "$lan_address" ]; then printf 'https://%s:%s' "$lan_address" "$1"; else printf 'http://localhost:%s' "$1"; fi
}

# --- Preparing -----------------------------------------------------------------------------------------------------

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
issuer = $(site "$server_port")
listen = ${lan_address:-127.0.0.1}:$server_port
admin_listen = 127.0.0.1:$admin_port
${lan_address:+tls_certificate_file = $data/lan.pem
tls_key_file = $data/lan.key
}[store]
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
template_code_alarm = SMS_ALARM
template_code_link = SMS_LINK
template_code_reply = SMS_REPLY
template_code_lost = SMS_LOST
template_code_reset = SMS_RESET
callback_secret = sim-callback-secret
template_partner = partner
[card_bureau]
url = http://127.0.0.1:$card_port/
app_id = tongxing
secret = card-secret-0123456789-0123456789
[wechat]
official_appid = wx0000000000000001
official_secret = sim-official-secret
open_appid = wx0000000000000002
open_secret = sim-open-secret
mini_appid = wx0000000000000003
mini_secret = sim-mini-secret
api_url = http://127.0.0.1:$wechat_port
page_url = $(site "$wechat_port")
[outbound]
allow_loopback = yes
[errors]
explain = yes
END
    staff_config >>"$config"
}

webhall=(webhall "$webhall_port" 网上办事大厅 "Online Service Hall" "openid profile realname phone card")
hospital=(hospital "$hospital_port" 市人民医院 "City People's Hospital" "openid profile realname")
wechathall=(wechathall "$wechathall_port" 人社微信服务号 "WeChat Official Account" "openid profile realname")

. tests/ci/demo_partners.sh
. tests/ci/demo_staff.sh

# Prints a code of one day for the demo's terminal, which is announced at its first start.
kiosk_code() {
    local said
    if [ -s "$data/kiosk.id" ]; then
        said=$("$build/tongxing" terminal code "$(cat "$data/kiosk.id")" --config "$config")
    else
        said=$("$build/tongxing" terminal add --partner kiosk --place "一楼大厅 3 号机" --agency "市人力资源和社会保障局" \
            --config "$config")
        sed -n 's/.* code of \(t_[0-9]*\) .*/\1/p' <<<"$said" >"$data/kiosk.id"
    fi
    sed -n 's/.*(told this once): //p' <<<"$said"
}

prepare_step() {
    "$@" >>"$data/log/prepare.log" 2>&1 || { tail -20 "$data/log/prepare.log" >&2; die "'$*' failed. (--fresh begins anew, and forgets all.)"; }
}

prepare() {
    : >"$data/log/prepare.log"
    write_config
    write_partner "${webhall[@]}"
    write_partner "${hospital[@]}"
    write_kiosk
    write_line hotline telephone link "12333 热线" "Hotline 12333"
    write_line texting message reply "12333 短信" "12333 by message"
    write_apps
    write_partner "${wechathall[@]}" wechat
    write_mini
    write_window
    prepare_step "$build/tongxing" migrate --config "$config"
    prepare_step "$build/tongxing" key init --config "$config"
    prepare_step tests/ci/demo_apply.sh "$data"
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
    "$@" >"$data/log/$name.log" 2>&1 </dev/null 9>&- &
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
    local proof=(--client-secret "$(secret_of "$2")")
    [ ! -e "$data/key.$2" ] || proof=(--signing-key "$data/key.$2")
    start "$2" "$3" "$build/tests/partner_sim" --theme "$1" --client-id "$2" --port "$3" --name-zh "$4" --name-en "$5" \
        --scope "$6" --issuer "$(site "$server_port")" "${proof[@]}" --base-url "$(site "$3")" \
        ${lan_address:+--ca "$data/lan.pem"} "${lan_arguments[@]}"
}

start_kiosk() {
    start kiosk "$kiosk_port" "$build/tests/kiosk_sim" --client-id kiosk --port "$kiosk_port" \
        --issuer "$(site "$server_port")" --code "$(kiosk_code)" --scope "openid profile realname card" ${lan_address:+--ca "$data/lan.pem"} "${lan_arguments[@]}"
}

start_telephone() {
    start telephone "$telephone_port" "$build/tests/telephone_sim" --port "$telephone_port" \
        --issuer "$(site "$server_port")" --secret "$(secret_of hotline)" ${lan_address:+--ca "$data/lan.pem"} "${lan_arguments[@]}"
}

start_app() {
    local redirect=()
    [ -z "$lan_address" ] || redirect=(--redirect-uri "$(app_redirect)")
    start app "$app_port" "$build/tests/app_sim" --port "$app_port" --issuer "$(site "$server_port")" \
        --base-url "$(site "$app_port")" --page-partner webhall --scope "openid profile device_sso qr_login" "${redirect[@]}" ${lan_address:+--ca "$data/lan.pem"} \
        "${lan_arguments[@]}"
}

start_first() {
    start first "$first_port" "$build/tests/first_sim" --port "$first_port" --base-url "$(site "$first_port")" \
        --issuer "$(site "$server_port")" --hall "$(site "$webhall_port")" --hospital "$(site "$hospital_port")" \
        --wechat "$(site "$wechat_port")" --kiosk "$(site "$kiosk_port")" \
        --hotline "$(site "$telephone_port")" ${directory:+--desk "http://localhost:$desk_port" --staff "$staff_url" --window "http://localhost:$window_port"} --app "$(site "$app_port")" --inbox "http://localhost:$sms_port" --admin "http://localhost:$admin_port" --hall-port "$webhall_port" \
        --hospital-port "$hospital_port" --data "$data" --apply "$PWD/tests/ci/demo_apply.sh" \
        --tongxing "$build/tongxing" --password "$ready_password" ${lan_address:+--ca "$data/lan.pem"} "${lan_arguments[@]}"
}

start_wechat() {
    start wechat "$wechat_port" "$build/tests/wechat_sim" --port "$wechat_port" --hall "$(site "$wechathall_port")" \
        --issuer "$(site "$server_port")" --client-id mini --client-secret "$(secret_of mini)" \
        ${lan_address:+--ca "$data/lan.pem"} "${lan_arguments[@]}"
}

# --- Telling ---------------------------------------------------------------------------------------------------------

row() { printf '  %-28s %s\n' "$@"; }
person() { printf '  %-20s %-21s %-13s %s\n' "$@"; }

# people_of KIND: a line for each of them.
people_of() {
    local kind name number card phone zh en
    while IFS=$'\t' read -r kind name number card phone zh en; do
        [ "$kind" != "$1" ] || person "$number" "$card" "$phone" "$name${zh:+: $zh $en}"
    done <"$people"
}

tell_ready_account() {
    local kind name phone
    [ -e "$data/ready" ] || { sed -n 's/^first_sim: /  /p' "$data/log/first.log"; return; }
    while IFS=$'\t' read -r kind name _ _ phone _; do
        [ "$kind" != ready ] || say "  $name  手机号 phone $phone  密码 password $ready_password"
    done <"$people"
}

tell_lan() {
    say
    say "手机 On a phone in the same network: $(site "$first_port")"
    say "  证书是自己签发的，浏览器会在每个地址各提示一次 [不安全]；选择 [高级] 再选 [继续]。"
    say "  The certificate is of our own making: the browser warns once for each address. Choose Advanced, then go on."
    say "  同一网络内的人都能使用这个演示 everybody in this network can use the demo."
    ! command -v qrencode >/dev/null || qrencode -t UTF8 -m 2 "$(site "$first_port")"
}

tell() {
    say
    say "地址 Addresses"
    row "$(site "$first_port")" "首页 · first page: 从这里开始 start here"
    row "$(site "$webhall_port")" "网上办事大厅 · web hall"
    row "$(site "$hospital_port")" "医院 · hospital: 同一次登录 the same login"
    row "$(site "$wechat_port")" "微信 · WeChat: 服务号和小程序 official account and mini program"
    row "$(site "$server_port")" "通行 · Tongxing: 我的账号 my account"
    row "$(site "$kiosk_port")" "自助终端 · terminal: 手机扫码或社保卡 phone or card, PIN 123456"
    row "$(site "$telephone_port")" "12333 坐席 · a desk of the hotline: 请来电人确认 ask who calls"
    row "$(site "$app_port")" "手机应用 · a telephone with two apps: 第二个应用免登录 the second without a page"
    tell_staff
    row "http://localhost:$sms_port" "短信验证码 · the codes sent to phones are read here"
    row "http://localhost:$admin_port/metrics" "运维 · for operators"
    say
    say "备好的账号 An account that is ready"
    tell_ready_account
    say
    say "可用来注册的人（虚构：身份证号、银行卡、手机、姓名）People to register, all invented"
    person "identity number" "bank card" "phone" "name"
    people_of new
    say
    say "结果特别的人 People with another outcome"
    people_of other
    [ -z "$lan_address" ] || tell_lan
    say
    say "数据 data: $data (./dev demo --fresh 清空 forgets all), 日志 logs: $data/log"
    say "ready 已就绪: $(site "$first_port")  (Ctrl-C 结束 ends everything)"
}

# --- The whole -----------------------------------------------------------------------------------------------------

fresh='' lan=''
for word in "$@"; do
    case $word in
    --fresh) fresh=yes ;;
    --lan) lan=yes ;;
    -h | --help) demo_help; exit 0 ;;
    *) demo_help >&2; exit 2 ;;
    esac
done
check_data
take_lock
check_ports
[ -z "$fresh" ] || forget_all
echo "http://localhost:$first_port" >"$data/address"
[ -n "${DEMO_BUILD:-}" ] || ./dev build release demo 9>&-
if [ -n "$lan" ]; then
    [ -n "${DEMO_BUILD:-}" ] || ./dev need openssl 9>&-
    command -v qrencode >/dev/null || [ -n "${DEMO_BUILD:-}" ] || ./dev need qrencode 9>&- || say "(no QR code)"
    prepare_lan
fi
[ -x "$build/tests/first_sim" ] || die "nothing is built in $build"
export DEMO_BUILD=$build # for demo_apply.sh
trap end_all EXIT
trap interrupted INT TERM HUP

mkdir -p "$data/log" "$data/bank" "$data/partners"
start bank "$bank_port" "$build/tests/bank_sim" --port "$bank_port" --dir "$data/bank"
start sms "$sms_port" "$build/tests/sms_sim" --port "$sms_port" --issuer "$(site "$server_port")" \
    --callback "$(site "$server_port")/sms/uplink"
start card "$card_port" "$build/tests/card_bureau_sim" --port "$card_port"
start_directory
prepare
start server "$admin_port" "$build/tongxing" serve --config "$config"
start_partner hall "${webhall[@]}"
start_partner hospital "${hospital[@]}"
start_kiosk
start_telephone
start_app
start_partner hall "${wechathall[@]}"
start_wechat
start_staff
start_first
tell

ended=
wait -n -p ended "${!name_of[@]}" || true
[ -z "$ended" ] || part_died "${name_of[$ended]}"
