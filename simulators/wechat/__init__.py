"""WeChat and WeCom on loopback: stateful, as strict as Tencent, with callbacks and their retries, limits, faults and a page."""
