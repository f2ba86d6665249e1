# Copyright the Service Identity authors.
# SPDX-License-Identifier: Apache-2.0
"""Accepts one token by MIT's library: accept.py TOKEN BINDING, both in hexadecimal.

Prints the major status, the flags of the context and the answer.
"""
import ctypes
import sys


class Buffer(ctypes.Structure):
    _fields_ = [("length", ctypes.c_size_t), ("value", ctypes.c_char_p)]


class ReturnedBuffer(ctypes.Structure):
    _fields_ = [("length", ctypes.c_size_t), ("value", ctypes.c_void_p)]


class ChannelBindings(ctypes.Structure):
    _fields_ = [
        ("initiator_addrtype", ctypes.c_uint32),
        ("initiator_address", Buffer),
        ("acceptor_addrtype", ctypes.c_uint32),
        ("acceptor_address", Buffer),
        ("application_data", Buffer),
    ]


def buffer(hexadecimal):
    octets = bytes.fromhex(hexadecimal)
    return Buffer(len(octets), octets)


library = ctypes.CDLL("libgssapi_krb5.so.2")
token = buffer(sys.argv[1])
bindings = ChannelBindings(application_data=buffer(sys.argv[2]))
minor, flags = ctypes.c_uint32(), ctypes.c_uint32()
context, answer = ctypes.c_void_p(), ReturnedBuffer()
accept = library.gss_accept_sec_context
accept.restype = ctypes.c_uint32
major = accept(
    ctypes.byref(minor),
    ctypes.byref(context),
    None,
    ctypes.byref(token),
    ctypes.byref(bindings),
    None,
    None,
    ctypes.byref(answer),
    ctypes.byref(flags),
    None,
    None,
)
print("%x %x %s" % (major, flags.value, ctypes.string_at(answer.value, answer.length).hex()))
