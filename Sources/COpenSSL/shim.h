// Hash functions of OpenSSL's libcrypto, which every Debian has; its headers come with libssl-dev.
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>
