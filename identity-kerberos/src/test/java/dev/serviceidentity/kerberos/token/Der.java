// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Writes DER for tests, right or wrong as they like it. */
public final class Der {
  public static final byte[] KRB5 = oid("2a864886f712010202");
  public static final byte[] KRB5_OF_MICROSOFT = oid("2a864882f712010202");
  public static final byte[] NTLM = oid("2b06010401823702020a");
  public static final byte[] SPNEGO = oid("2b0601050502");

  private Der() {}

  public static byte[] tlv(int tag, byte[]... contents) {
    byte[] content = join(contents);
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else if (content.length < 0x100) {
      out.write(0x81);
      out.write(content.length);
    } else if (content.length < 0x10000) {
      out.write(0x82);
      out.write(content.length >>> 8);
      out.write(content.length);
    } else {
      out.write(0x83);
      out.write(content.length >>> 16);
      out.write(content.length >>> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  static byte[] oid(String hex) {
    return tlv(0x06, bytes(hex));
  }

  public static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  public static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** NegTokenInit (RFC 4178 section 4.2.1) in its GSS-API frame; no mechToken if it is null. */
  public static byte[] spnego(byte[] mechToken, byte[]... mechanisms) {
    byte[] list = tlv(0xa0, tlv(0x30, mechanisms));
    byte[] token = mechToken == null ? new byte[0] : tlv(0xa2, tlv(0x04, mechToken));
    return tlv(0x60, SPNEGO, tlv(0xa0, tlv(0x30, list, token)));
  }

  /** NegTokenInit with a list of mechanisms and a MIC of it. */
  public static byte[] spnegoWithMic(byte[] mechToken, byte[] list, byte[] mic) {
    byte[] token = tlv(0xa2, tlv(0x04, mechToken));
    byte[] init = tlv(0x30, tlv(0xa0, list), token, tlv(0xa3, tlv(0x04, mic)));
    return tlv(0x60, SPNEGO, tlv(0xa0, init));
  }
}
