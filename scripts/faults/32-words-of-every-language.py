#!/usr/bin/env python3
# Words of Chinese, Japanese, Korean and Thai are found within their texts, and codes among them
from client import Client

TEXTS = {
    "腾讯云": "用户服务器部署在腾讯云国内节点", "牛肉面": "今天午饭吃了牛肉面", "星期五": "会议改到星期五下午三点", "ERR4711": "错误代码ERR4711在支付模块",
    "東京": "東京都の人口は一千四百万人です", "パスワード": "新しいパスワードは毎月変わります", "ERR4712": "支払いでERR4712が出ました",
    "수도": "서울은 대한민국의 수도이다", "백업": "데이터베이스를 매일 백업한다", "ERR4713": "결제에서ERR4713이 발생했다",
    "กรุงเทพ": "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย", "รหัสผ่าน": "เปลี่ยนรหัสผ่านทุกเดือน", "ERR4714": "เกิดERR4714ในการชำระเงิน",
}

for settings in ({}, {"MEMORY_SEARCH": "keyword"}):
    client = Client(**settings)
    for text in TEXTS.values():
        client.store(text)
    for question, text in TEXTS.items():
        found = client.find(question).found
        assert found[:1] == [text], f"{question}: {found[:3]} {settings}"
