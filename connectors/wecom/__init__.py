"""WeCom: 微信客服 (kf), where people with WeChat write to the hospital, and the robots of staff groups."""
