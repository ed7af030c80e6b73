CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('login', 'phone')),
    app_id TEXT NOT NULL,
    openid TEXT NOT NULL,
    made_at REAL NOT NULL,
    used_at REAL
);
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY,
    app_id TEXT NOT NULL,
    pool TEXT NOT NULL CHECK (pool IN ('legacy', 'stable')),
    made_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    dead_at REAL,
    forced INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS tokens_of_app ON tokens (app_id, pool, made_at);
CREATE TABLE IF NOT EXISTS credits (
    openid TEXT NOT NULL,
    template_id TEXT NOT NULL,
    left_over INTEGER NOT NULL CHECK (left_over >= 0),
    PRIMARY KEY (openid, template_id)
);
CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    app_id TEXT NOT NULL,
    openid TEXT NOT NULL,
    template_id TEXT NOT NULL,
    page TEXT NOT NULL,
    data TEXT NOT NULL,
    state TEXT NOT NULL,
    lang TEXT NOT NULL,
    sent_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_of_person ON messages (openid, seq);
CREATE TABLE IF NOT EXISTS sms (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    out_id TEXT NOT NULL UNIQUE,
    phone TEXT NOT NULL,
    sign_name TEXT NOT NULL,
    template_code TEXT NOT NULL,
    params TEXT NOT NULL,
    text TEXT NOT NULL,
    sent_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS sms_of_phone ON sms (phone, seq);
CREATE TABLE IF NOT EXISTS orders (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    mchid TEXT NOT NULL,
    out_trade_no TEXT NOT NULL,
    appid TEXT NOT NULL,
    openid TEXT NOT NULL,
    description TEXT NOT NULL,
    attach TEXT NOT NULL,
    notify_url TEXT NOT NULL,
    total_fen INTEGER NOT NULL CHECK (total_fen > 0),
    asked TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('NOTPAY', 'SUCCESS', 'CLOSED')),
    transaction_id TEXT UNIQUE,
    created_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    paid_at REAL,
    CHECK ((state = 'SUCCESS') = (transaction_id IS NOT NULL AND paid_at IS NOT NULL)),
    UNIQUE (mchid, out_trade_no)
);
CREATE INDEX IF NOT EXISTS orders_by_paid ON orders (mchid, paid_at);
CREATE TABLE IF NOT EXISTS prepays (
    prepay_id TEXT PRIMARY KEY,
    mchid TEXT NOT NULL,
    out_trade_no TEXT NOT NULL,
    expires_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS refunds (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    mchid TEXT NOT NULL,
    out_refund_no TEXT NOT NULL,
    refund_id TEXT NOT NULL UNIQUE,
    out_trade_no TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    refund_fen INTEGER NOT NULL CHECK (refund_fen > 0),
    total_fen INTEGER NOT NULL,
    reason TEXT NOT NULL,
    notify_url TEXT NOT NULL,
    asked TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('PROCESSING', 'SUCCESS')),
    created_at REAL NOT NULL,
    settles_at REAL NOT NULL,
    success_at REAL,
    UNIQUE (mchid, out_refund_no)
);
CREATE INDEX IF NOT EXISTS refunds_of_order ON refunds (mchid, out_trade_no, created_at);
CREATE INDEX IF NOT EXISTS refunds_open ON refunds (settles_at) WHERE status = 'PROCESSING';
CREATE TABLE IF NOT EXISTS notices (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    notice_id TEXT NOT NULL UNIQUE,
    mchid TEXT NOT NULL,
    event TEXT NOT NULL,
    about TEXT NOT NULL,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'DELIVERED', 'LOST', 'GIVEN_UP')),
    created_at REAL NOT NULL,
    due_at REAL NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    copies_left INTEGER NOT NULL DEFAULT 0,
    probes_left INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS notices_due ON notices (due_at) WHERE state = 'PENDING';
CREATE TABLE IF NOT EXISTS attempts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    notice_id TEXT NOT NULL,
    at REAL NOT NULL,
    outcome TEXT NOT NULL,
    probe INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS attempts_of_notice ON attempts (notice_id, seq);
CREATE TABLE IF NOT EXISTS bills (
    token TEXT PRIMARY KEY,
    mchid TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content BLOB NOT NULL,
    expires_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    times INTEGER,
    path TEXT NOT NULL,
    event TEXT NOT NULL,
    moment TEXT NOT NULL CHECK (moment IN ('before', 'after')),
    seconds REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS switches (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS shell_tokens (
    openid TEXT PRIMARY KEY,
    token TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS credentials (
    kind TEXT NOT NULL,
    shown TEXT NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (kind, shown)
);
