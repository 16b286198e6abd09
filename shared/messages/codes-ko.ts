import type { CodeCatalogue } from './message.ts';

/**
 * Every code in Korean. The rules of the texts: say what to do, 합니다체, no exclamation mark, no particle behind a
 * placeholder, and title and todo together fit a toast of about 60 syllables.
 */
export const codesKo: CodeCatalogue = {
  'consent.connected': {
    title: '쇼핑몰이 연결되었습니다',
    todo: '토큰은 앱이 알아서 갱신합니다.',
  },
  'consent.connected_elsewhere': {
    title: '다른 프로그램이 연결을 마쳤습니다',
    todo: '새 토큰을 이어받았습니다. 하실 일은 없습니다.',
  },
  'consent.saved_not_shared': {
    title: '이 PC에 저장했고 아직 공유하지 못했습니다',
    todo: '저장소가 응답하면 자동으로 올립니다. 앱을 켜 두십시오.',
  },
  'consent.denied': {
    title: '동의가 거절되어 연결하지 않았습니다',
    todo: '다시 인증해 주십시오. 대표운영자로 로그인하고 동의를 누르면 끝납니다.',
  },
  'consent.invalid_scope': {
    title: '앱에 허용되지 않은 권한이 있습니다',
    todo: '설정의 권한 목록(CAFE24_SCOPES) 칸을 개발자센터의 값과 똑같이 맞춘 뒤 다시 인증해 주십시오.',
    more: ['요청한 권한: {scopes}.'],
  },
  'consent.invalid_request': {
    title: 'Cafe24가 인증 요청을 받지 않았습니다',
    todo: 'Client ID와 Redirect URI를 개발자센터의 값과 똑같이 맞춘 뒤 다시 인증해 주십시오.',
  },
  'consent.state_mismatch': {
    title: '이번 인증의 응답이 아닙니다',
    todo: '가장 최근에 열린 탭에서 계속하거나, 그 탭의 주소를 앱 창에 붙여 넣어 주십시오.',
  },
  'consent.cookie_missing': {
    title: '인증을 시작한 브라우저가 아닙니다',
    todo: '이 페이지의 주소를 복사해 앱 창에 붙여 넣어 주십시오.',
  },
  'consent.code_expired': {
    title: '인증 코드의 1분이 지났습니다',
    todo: '다시 인증을 눌러 새 코드를 받아 주십시오. 동의한 뒤 1분 안에 마쳐야 합니다.',
  },
  'consent.code_malformed': {
    title: '인증 코드를 찾지 못했습니다',
    todo: '동의한 뒤 열린 페이지의 주소 전체 또는 코드를 붙여 넣어 주십시오.',
  },
  'consent.other_mall': {
    title: '다른 쇼핑몰에서 동의했습니다',
    todo: '그 쇼핑몰에서 로그아웃하고, 연결할 쇼핑몰의 대표운영자로 다시 인증해 주십시오.',
    more: ['연결할 쇼핑몰: {expected}.', '동의한 쇼핑몰: {got}.'],
  },
  'consent.timeout': {
    title: '5분 안에 동의가 오지 않았습니다',
    todo: '준비되면 다시 인증을 눌러 주십시오. 지금 토큰은 그대로입니다.',
  },
  'consent.cancelled': {
    title: '인증을 취소했습니다',
    todo: '지금 토큰은 그대로입니다. 필요할 때 다시 인증해 주십시오.',
  },
  'consent.closed': {
    title: '이미 끝난 인증입니다',
    todo: '이 탭을 닫아 주십시오. 더 필요하면 앱에서 다시 인증해 주십시오.',
  },
  'consent.not_started_here': {
    title: '앱에서 시작한 인증이 아닙니다',
    todo: '이 탭을 닫고 앱 창의 다시 인증을 눌러 주십시오.',
  },
  'consent.no_browser': {
    title: '브라우저가 열리지 않았습니다',
    todo: '링크 복사를 눌러 브라우저 주소창에 붙여 넣어 주십시오.',
  },
  'consent.failed': {
    title: '인증을 마치지 못했습니다',
    todo: '지금 토큰은 그대로입니다. 잠시 뒤 다시 인증해 주십시오.',
  },
  'client.secret_wrong': {
    title: 'Client Secret이 맞지 않습니다',
    todo: '설정의 Client Secret(CAFE24_CLIENT_SECRET) 칸을 개발자센터와 맞춰 주십시오.',
  },
  'client.not_configured': {
    title: '앱 정보가 아직 없습니다',
    todo: '설정에서 Client ID, Client Secret, Redirect URI를 넣어 주십시오.',
    more: ['빠진 값: {names}.'],
  },
  'client.app_removed': {
    title: '쇼핑몰에서 앱이 삭제되었습니다',
    todo: '쇼핑몰 관리자에서 앱을 다시 설치한 뒤 다시 인증해 주십시오.',
  },
  'client.forbidden': {
    title: 'Cafe24가 요청을 거절했습니다',
    todo: '앱의 설치 상태와 권한을 확인해 주십시오. 한 시간마다 다시 시도합니다.',
    more: ['다음 시도: {retryAt}.'],
  },
  never_connected: {
    title: '쇼핑몰을 연결해 주십시오',
    todo: '대표운영자로 로그인하고 동의를 누르면 끝납니다. 1분이면 됩니다.',
  },
  disconnected: {
    title: '연결을 끊은 쇼핑몰입니다',
    todo: '다시 쓰려면 다시 인증해 주십시오.',
  },
  'grant.invalid': {
    title: '갱신 토큰을 더 쓸 수 없습니다',
    todo: '다시 인증해 주십시오. 대표운영자로 로그인하고 동의를 누르면 끝납니다.',
    more: ['새 토큰을 가지고 있을 수 있는 PC: {host}.'],
  },
  'grant.missing': {
    title: '저장소에서 토큰이 사라졌습니다',
    todo: '토큰을 받았던 PC나 서버의 앱을 켜면 되돌려 놓습니다. 그럴 수 없으면 다시 인증해 주십시오.',
  },
  'grant.expired': {
    title: '인증이 만료되었습니다',
    todo: '다시 인증해 주십시오. 대표운영자로 로그인하고 동의를 누르면 끝납니다.',
  },
  'grant.expiring': {
    title: '곧 인증이 만료됩니다',
    todo: '만료 전에 다시 인증해 주십시오. 1분이면 됩니다.',
  },
  'grant.critical': {
    title: '하루 안에 인증이 만료됩니다',
    todo: '오늘 다시 인증해 주십시오. 1분이면 됩니다.',
  },
  'grant.fewer_scopes': {
    title: '요청보다 적은 권한을 받았습니다',
    todo: '빠진 권한이 필요하면 개발자센터에서 권한을 고르고 다시 인증해 주십시오.',
    more: ['빠진 권한: {missing}.'],
  },
  'answer.unconfirmed': {
    title: '갱신 응답을 받지 못했습니다',
    todo: '앱이 다시 확인합니다. 하실 일은 없습니다.',
    more: ['응답을 가지고 있을 수 있는 PC: {host}.', '다음 확인: {retryAt}.'],
  },
  'answer.other_mall': {
    title: '다른 쇼핑몰의 토큰이 왔습니다',
    todo: '이 토큰은 쓰지 않습니다. 설정을 확인하고 다시 인증해 주십시오.',
    more: ['연결할 쇼핑몰: {expected}.', '응답의 쇼핑몰: {got}.'],
  },
  'answer.not_rotated': {
    title: '갱신 토큰이 바뀌지 않았습니다',
    todo: '그대로 쓸 수 있습니다. 하실 일은 없습니다.',
  },
  'answer.unknown_error': {
    title: 'Cafe24가 알 수 없는 오류를 보냈습니다',
    todo: '한 시간마다 다시 시도합니다. 계속되면 다시 인증해 주십시오.',
    more: ['다음 시도: {retryAt}.'],
  },
  'network.unreachable': {
    title: 'Cafe24에 연결할 수 없습니다',
    todo: '인터넷 연결을 확인해 주십시오. 앱이 계속 다시 시도합니다.',
    more: ['다음 시도: {retryAt}.'],
  },
  'network.dns': {
    title: 'Cafe24의 주소를 찾지 못했습니다',
    todo: '인터넷 연결과 쇼핑몰 아이디를 확인해 주십시오. 앱이 계속 다시 시도합니다.',
  },
  'network.refused': {
    title: 'Cafe24가 연결을 받지 않았습니다',
    todo: '방화벽과 프록시를 확인해 주십시오. 앱이 계속 다시 시도합니다.',
  },
  'network.timeout': {
    title: 'Cafe24가 제때 응답하지 않았습니다',
    todo: '앱이 계속 다시 시도합니다. 오래 이어지면 인터넷 연결을 확인해 주십시오.',
  },
  'network.tls': {
    title: '안전한 연결을 만들지 못했습니다',
    todo: '프록시나 백신의 HTTPS 검사를 확인하고, PC의 시각을 맞춰 주십시오.',
  },
  'network.tls_untrusted': {
    title: '보안 연결을 믿을 수 없습니다',
    todo: '프록시나 백신이 HTTPS를 검사하면 그 인증서를 PC에 등록하고 앱을 다시 켜 주십시오.',
  },
  'network.tls_hostname': {
    title: '다른 서버의 인증서가 왔습니다',
    todo: '와이파이 로그인 화면이나 프록시가 연결을 가로채는지 확인해 주십시오.',
  },
  'network.tls_expired': {
    title: '인증서의 유효 기간이 맞지 않습니다',
    todo: 'PC의 날짜와 시각, 백신의 HTTPS 검사를 확인해 주십시오.',
  },
  'network.proxy_unreachable': {
    title: '프록시에 연결할 수 없습니다',
    todo: '시스템의 프록시 설정 또는 HTTPS_PROXY 값을 확인해 주십시오.',
  },
  'network.proxy_auth': {
    title: '프록시가 로그인을 요구합니다',
    todo: 'HTTPS_PROXY에 사용자와 비밀번호를 넣거나, 관리자에게 예외를 요청해 주십시오.',
  },
  'network.proxy_refused': {
    title: '프록시가 연결을 거절했습니다',
    todo: '관리자에게 cafe24api.com 연결을 허용해 달라고 요청해 주십시오.',
  },
  'network.proxy_unusable': {
    title: '쓸 수 없는 프록시 설정입니다',
    todo: 'HTTP 프록시를 지정해 주십시오. SOCKS 프록시는 지원하지 않습니다.',
  },
  'rate.limited': {
    title: 'Cafe24가 잠시 기다리라고 했습니다',
    todo: '앱이 기다렸다가 다시 시도합니다. 하실 일은 없습니다.',
    more: ['다음 시도: {retryAt}.'],
  },
  'budget.used_up': {
    title: '2시간 동안의 요청 횟수를 다 썼습니다',
    todo: '앱이 기다렸다가 이어 갑니다. 다른 프로그램도 갱신한다면 꺼 주십시오.',
    more: ['다음 시도: {retryAt}.'],
  },
  'store.unreachable': {
    title: '저장소가 응답하지 않습니다',
    todo: 'Redis가 켜져 있는지, 설정의 Redis 주소(KV_REDIS_URL) 칸이 맞는지 확인해 주십시오.',
    more: ['저장소: {place}.'],
  },
  'store.tls': {
    title: '저장소와 안전한 연결을 만들지 못했습니다',
    todo: 'Redis 인증서의 이름과 기간을 확인하고, 발급 기관을 PC에 등록해 주십시오.',
  },
  'store.denied': {
    title: '저장소가 접근을 거절했습니다',
    todo: '설정의 Redis 주소(KV_REDIS_URL) 칸과 비밀번호, Redis 사용자의 권한을 확인해 주십시오.',
  },
  'store.full': {
    title: '저장소에 공간이 없습니다',
    todo: 'Redis의 maxmemory를 늘리거나 데이터를 정리해 주십시오.',
  },
  'store.readonly': {
    title: '저장소에 쓸 수 없습니다',
    todo: '설정의 Redis 주소(KV_REDIS_URL) 칸에 복제본이 아닌 주 Redis를 넣어 주십시오.',
  },
  'store.locked': {
    title: '저장된 토큰을 열 수 없습니다',
    todo: '예전 Client Secret을 다시 넣거나, 다시 인증해 주십시오.',
  },
  'store.rubbish_set_aside': {
    title: '읽을 수 없는 값을 옆으로 옮겼습니다',
    todo: '토큰을 쓰는 다른 프로그램이 같은 키에 쓰는지 확인해 주십시오.',
    more: ['옮긴 곳: {place}.'],
  },
  'store.eviction_policy': {
    title: 'Redis가 토큰을 지울 수 있는 설정입니다',
    todo: 'maxmemory-policy를 noeviction으로 바꿔 주십시오.',
    more: ['지금 값: {policy}.'],
  },
  'store.foreign_writer': {
    title: '다른 프로그램도 토큰을 갱신합니다',
    todo: '그 프로그램의 갱신을 꺼 주십시오. 갱신은 이 앱만 해야 안전합니다.',
  },
  'store.not_shared': {
    title: '새 토큰을 아직 공유하지 못했습니다',
    todo: '이 PC에 안전하게 있습니다. 저장소가 응답하면 자동으로 올립니다.',
  },
  'store.not_loopback': {
    title: '시뮬레이터에 실제 Redis를 쓸 수 없습니다',
    todo: '설정의 Redis 주소(KV_REDIS_URL) 칸을 비우거나 이 PC의 Redis로 바꿔 주십시오.',
  },
  'store.healed': {
    title: '저장소를 최신 토큰으로 되돌렸습니다',
    todo: '하실 일은 없습니다.',
  },
  'journal.corrupt': {
    title: '손상된 토큰 기록 파일이 있습니다',
    todo: '앱은 계속 동작합니다. 디스크 상태를 확인해 주십시오.',
    more: ['파일: {file}.'],
  },
  'journal.locked': {
    title: '열 수 없는 토큰 기록이 있습니다',
    todo: 'Client Secret을 바꿨다면 예전 값을 함께 넣어 주십시오. 기록은 그대로 둡니다.',
  },
  'disk.full': {
    title: '디스크에 공간이 없습니다',
    todo: '공간을 비워 주십시오. 그때까지 토큰을 갱신하지 않습니다.',
  },
  'disk.readonly': {
    title: '데이터 폴더에 쓸 수 없습니다',
    todo: '폴더의 쓰기 권한을 확인해 주십시오. 그때까지 토큰을 갱신하지 않습니다.',
    more: ['폴더: {path}.'],
  },
  'keeper.read_only': {
    title: '읽기 전용으로 실행 중입니다',
    todo: '이 실행에서는 토큰을 갱신하지 않습니다. 갱신은 쓸 수 있는 데이터 폴더로 실행해 주십시오.',
  },
  'keeper.paused': {
    title: '일시 중지한 쇼핑몰입니다',
    todo: '이 PC에서는 갱신도 알림도 하지 않습니다. 토큰의 유효 기간은 계속 줄어듭니다.',
  },
  'config.token_in_env': {
    title: '환경 변수에 토큰이 들어 있습니다',
    todo: '그 줄을 지워 주십시오. 토큰은 저장소에서만 읽으므로 그 값은 쓰지 않았습니다.',
    more: ['변수: {name}.'],
  },
  'config.invalid_value': {
    title: '쓸 수 없는 설정 값이 있습니다',
    todo: '설정에서 값을 고치거나, .env를 고치고 앱을 다시 시작해 주십시오.',
    more: ['항목: {name}.'],
  },
  'config.missing_value': {
    title: '빠진 설정 값이 있습니다',
    todo: '설정에서 값을 넣거나, .env에 넣고 앱을 다시 시작해 주십시오.',
    more: ['항목: {name}.'],
  },
  'config.redirect_uri_http': {
    title: 'Redirect URI가 https가 아닙니다',
    todo: 'Cafe24는 https 주소만 등록합니다. 등록한 https 주소를 넣어 주십시오.',
  },
  'config.redirect_uri_ip': {
    title: 'Redirect URI에 IP 주소가 있습니다',
    todo: 'Cafe24는 도메인만 등록합니다. 도메인으로 된 주소를 넣어 주십시오.',
  },
  'config.redirect_uri_long': {
    title: 'Redirect URI가 150바이트를 넘습니다',
    todo: '더 짧은 주소를 등록하고 그 값을 넣어 주십시오.',
  },
  'config.origin_refused': {
    title: '시뮬레이터 주소를 쓸 수 없습니다',
    todo: 'CAFE24_API_ORIGIN은 이 PC의 주소만 됩니다. 실제 쇼핑몰이면 비워 주십시오.',
  },
  'config.settings_corrupt': {
    title: '설정 파일을 읽지 못했습니다',
    todo: '기본값으로 시작했습니다. 설정을 다시 확인해 주십시오.',
  },
  'config.secret_in_keyring': {
    title: '비밀 값이 OS 키 저장소에만 있습니다',
    todo: '명령줄에서 쓰려면 환경 변수로 넣어 주십시오.',
    more: ['변수: {name}.'],
  },
  'config.keyring_unavailable': {
    title: 'OS 키 저장소를 쓸 수 없습니다',
    todo: '입력한 비밀 값은 앱을 끄면 사라집니다. .env 파일에 넣어 두십시오.',
  },
  'config.other_os_user': {
    title: '다른 사용자의 데이터 폴더입니다',
    todo: '읽기만 합니다. 갱신하려면 그 사용자로 실행해 주십시오.',
  },
  'config.newer_format': {
    title: '더 새로운 버전의 앱이 쓴 데이터 폴더입니다',
    todo: '읽기만 합니다. 새 버전을 다시 설치해 주십시오.',
  },
  'config.consent_running': {
    title: '인증이 진행 중이라 바꾸지 않았습니다',
    todo: '브라우저의 인증을 마치거나 취소한 뒤 다시 저장해 주십시오.',
  },
  'config.not_kept': {
    title: '이번 실행 동안만 적용됩니다',
    todo: '설정 파일에 쓸 수 없었습니다. 디스크의 남은 공간과 권한을 확인해 주십시오.',
  },
  'config.set_elsewhere': {
    title: '환경 변수나 .env에서 이미 정한 값입니다',
    todo: '그곳에서 고치고 앱을 다시 시작해 주십시오.',
  },
  'server.ports_busy': {
    title: '인증 응답을 받을 포트가 없습니다',
    todo: '동의한 뒤 열린 페이지의 주소를 앱 창에 붙여 넣어 주십시오.',
    more: ['사용 중인 포트: {ports}.'],
  },
  'clock.skewed': {
    title: 'PC의 시각이 맞지 않습니다',
    todo: '앱은 서버 시각을 씁니다. PC의 시각 자동 설정을 켜 주십시오.',
    more: ['차이: {minutes}분.'],
  },
  'clock.unverified': {
    title: 'PC의 시각을 확인하지 못했습니다',
    todo: '인터넷에 연결되면 자동으로 확인합니다. 하실 일은 없습니다.',
  },
  'channel.os_unavailable': {
    title: '알림을 띄우지 못했습니다',
    todo: '시스템 설정에서 이 앱의 알림을 허용해 주십시오.',
  },
  'channel.not_configured': {
    title: '이 알림 채널은 설정되지 않았습니다',
    todo: 'Slack 웹훅 주소(SLACK_WEBHOOK_URL), 메일 서버(SMTP_URL) 설정을 채워 주십시오.',
  },
  'channel.unreachable': {
    title: '알림 서버에 연결하지 못했습니다',
    todo: '인터넷 연결과 서버 주소를 확인해 주십시오. 앱이 다시 보냅니다.',
  },
  'channel.busy': {
    title: '알림 서버가 지금은 받지 못합니다',
    todo: '앱이 다시 보냅니다. 계속되면 그 서버의 상태를 확인해 주십시오.',
  },
  'channel.rate_limited': {
    title: '알림 서버가 잠시 기다리라고 했습니다',
    todo: '앱이 기다렸다가 다시 보냅니다. 하실 일은 없습니다.',
  },
  'channel.slack_refused': {
    title: 'Slack이 메시지를 받지 않았습니다',
    todo: 'Slack 웹훅 주소(SLACK_WEBHOOK_URL) 설정, Slack의 게시 권한을 확인해 주십시오.',
  },
  'channel.slack_gone': {
    title: 'Slack 웹훅이나 채널이 없어졌습니다',
    todo: '새로 만든 웹훅을 설정의 Slack 웹훅 주소(SLACK_WEBHOOK_URL) 칸에 넣어 주십시오.',
  },
  'channel.mail_refused': {
    title: '메일 서버가 메일을 받지 않았습니다',
    todo: '보내는 주소(ALERT_EMAIL_FROM), 받는 주소(ALERT_EMAIL_TO) 설정을 고쳐 주십시오.',
  },
  'channel.mail_auth': {
    title: '메일 서버에 로그인하지 못했습니다',
    todo: '설정의 메일 서버(SMTP_URL) 계정과 비밀번호를 확인해 주십시오. 앱 비밀번호가 필요할 수 있습니다.',
  },
  'channel.mail_tls': {
    title: '메일 서버와 안전하게 연결하지 못했습니다',
    todo: '설정의 메일 서버(SMTP_URL) 칸의 주소와 포트, 그 서버의 인증서를 확인해 주십시오.',
  },
  'channel.sent': {
    title: '시험 알림을 보냈습니다',
    todo: '도착했는지 확인해 주십시오.',
  },
  'relay.ok': {
    title: '중계 페이지가 응답합니다',
    todo: '같은 주소가 개발자센터에 등록되어 있는지만 확인해 주십시오.',
  },
  'relay.other_page': {
    title: '페이지는 열리지만 중계 페이지가 아닙니다',
    todo: '직접 만든 경로라면 괜찮습니다. 아니면 그 주소에 중계 페이지를 올려 주십시오.',
  },
  'relay.missing': {
    title: '그 주소에 페이지가 없습니다',
    todo: '중계 페이지를 그 주소에 올려 주십시오.',
    more: ['서버 응답: {status}.'],
  },
  'relay.not_needed': {
    title: '이 주소에는 중계 페이지가 필요 없습니다',
    todo: '브라우저가 앱으로 바로 돌아옵니다.',
  },
  'relay.saved': {
    title: '중계 페이지를 저장했습니다',
    todo: '이 파일을 https로 열리는 자리에 올리고 그 주소를 등록해 주십시오.',
    more: ['파일: {path}.'],
  },
  'relay.not_saved': {
    title: '중계 페이지를 저장하지 못했습니다',
    todo: '다운로드 폴더에 쓸 수 있는지, 디스크에 공간이 있는지 확인한 뒤 다시 눌러 주십시오.',
  },
  'test.ok': {
    title: '연결이 정상입니다',
    todo: '접근 토큰으로 Cafe24 API를 호출해 확인했습니다. 하실 일은 없습니다.',
  },
  'test.access_token_refused': {
    title: 'Cafe24가 접근 토큰을 받지 않습니다',
    todo: '지금 갱신을 눌러 주십시오. 그래도 안 되면 다시 인증해 주십시오.',
  },
  'test.failed': {
    title: '연결을 확인하지 못했습니다',
    todo: '잠시 뒤 연결 확인을 다시 눌러 주십시오.',
    more: ['응답 상태: {status}.'],
  },
  'refresh.done': {
    title: '토큰을 갱신했습니다',
    todo: '하실 일은 없습니다.',
  },
  'refresh.already_fresh': {
    title: '방금 갱신한 토큰입니다',
    todo: '하실 일은 없습니다.',
  },
  'refresh.by_another': {
    title: '다른 PC나 프로그램이 갱신했습니다',
    todo: '새 토큰을 이어받았습니다. 하실 일은 없습니다.',
    more: ['갱신한 곳: {host}.'],
  },
  'refresh.waiting': {
    title: '지금은 갱신할 수 없습니다',
    todo: '앱이 기다렸다가 다시 시도합니다. 하실 일은 없습니다.',
    more: ['다음 시도: {retryAt}.'],
  },
  'logs.not_opened': {
    title: '로그 폴더를 열지 못했습니다',
    todo: '진단에 적힌 데이터 폴더 안의 logs 폴더를 직접 열어 주십시오.',
  },
  'disconnect.done': {
    title: '연결을 해제했습니다',
    todo: '토큰을 폐기하고 저장소에서 지웠습니다. 다시 쓰려면 쇼핑몰을 연결해 주십시오.',
  },
  'disconnect.forgotten': {
    title: '저장소에서만 지웠습니다',
    todo: '폐기는 확인되지 않았습니다. Cafe24 관리자에서 앱을 삭제하면 남은 토큰도 끝납니다.',
  },
  'disconnect.not_revoked': {
    title: 'Cafe24가 폐기를 확인하지 않았습니다',
    todo: '지운 것은 없습니다. 잠시 뒤 다시 하거나, 확인 없이 저장소에서만 지울 수 있습니다.',
  },
  'disconnect.not_shared': {
    title: '연결 해제를 아직 저장소에 쓰지 못했습니다',
    todo: '저장소가 응답하면 자동으로 지웁니다. 앱을 켜 두십시오.',
  },
  'disconnect.busy': {
    title: '지금은 갱신이나 인증이 진행 중입니다',
    todo: '1분 뒤에 다시 눌러 주십시오. 바뀐 것은 없습니다.',
  },
  'disconnect.nothing': {
    title: '해제할 연결이 없습니다',
    todo: '이 쇼핑몰에는 지금 토큰이 없습니다.',
  },
  'remove.elsewhere': {
    title: '여기서는 제거할 수 없습니다',
    todo: '환경 변수나 .env에서 CAFE24_MALL_ID 줄을 지우고 앱을 다시 시작해 주십시오.',
  },
  'remove.not_shared': {
    title: '아직 저장소에 쓰지 못한 것이 있습니다',
    todo: '지금 제거하면 잃을 수 있어 그대로 두었습니다. 저장소가 응답한 뒤 다시 눌러 주십시오.',
  },
  'remove.busy': {
    title: '지금은 갱신이나 인증이 진행 중입니다',
    todo: '끝난 뒤 다시 눌러 주십시오. 바뀐 것은 없습니다.',
  },
  'internal.error': {
    title: '예상하지 못한 오류가 있었습니다',
    todo: '앱을 다시 시작해 주십시오. 계속되면 로그 파일을 개발자에게 보내 주십시오.',
  },
};
