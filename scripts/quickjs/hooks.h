/* Included in front of quickjs.c: where its Date asks for the zone. Minutes that UTC is ahead of local time. */
int tadoru_js_offset(long long milliseconds, int is_local);
