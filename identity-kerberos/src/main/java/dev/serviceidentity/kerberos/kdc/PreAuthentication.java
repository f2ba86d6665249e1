// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a KDC wants before it answers a client: the METHOD-DATA of KDC_ERR_PREAUTH_REQUIRED (RFC
 * 4120 section 5.9.1).
 *
 * @param methods the numbers of the ways that it accepts
 * @param etypes of which encryption types it has keys, the one it prefers first; empty if it says
 *     nothing (ETYPE-INFO2, section 5.2.7.5)
 * @param cookie to be sent back as it is (RFC 6113 section 5.2); null if there is none
 */
record PreAuthentication(List<Integer> methods, List<Integer> etypes, @Nullable Octets cookie) {
  /** PA-ENC-TIMESTAMP. */
  static final int TIMESTAMP = 2;

  /** PA-FX-COOKIE. */
  static final int COOKIE = 133;

  private static final int ETYPE_INFO2 = 19;
  private static final String WHAT = "the METHOD-DATA";

  PreAuthentication {
    methods = List.copyOf(methods);
    etypes = List.copyOf(etypes);
  }

  static PreAuthentication read(Octets data) throws RefusedTokenException {
    var methods = new ArrayList<Integer>();
    var etypes = new ArrayList<Integer>();
    Octets cookie = null;
    var in = new TokenReader(data);
    int end = in.enter(TokenReader.SEQUENCE, WHAT);
    while (in.hasMore()) {
      int outer = in.enter(TokenReader.SEQUENCE, WHAT);
      int method = in.int32(1, "padata-type");
      Octets value = in.field(2, TokenReader.OCTET_STRING, "padata-value");
      in.leave(outer, WHAT);
      methods.add(method);
      if (method == ETYPE_INFO2) {
        readEtypes(value, etypes);
      } else if (method == COOKIE) {
        cookie = value;
      }
    }
    in.leave(end, WHAT);
    in.end(WHAT);
    return new PreAuthentication(methods, etypes, cookie);
  }

  /** A KDC that tells types of keys takes one to be proven: Kerby's says no more than that. */
  boolean takesTimestamp() {
    return methods.contains(TIMESTAMP) || methods.contains(ETYPE_INFO2);
  }

  /** The strongest of the client's types that the KDC names: in which order may be anybody's. */
  Optional<KeyType> choose(Set<KeyType> held) {
    return AsExchange.strongestFirst(held).stream()
        .filter(type -> etypes.isEmpty() || etypes.contains(type.number()))
        .findFirst();
  }

  private static void readEtypes(Octets info, List<Integer> etypes) throws RefusedTokenException {
    var in = new TokenReader(info);
    int end = in.enter(TokenReader.SEQUENCE, "ETYPE-INFO2");
    while (in.hasMore()) {
      int outer = in.enter(TokenReader.SEQUENCE, "ETYPE-INFO2");
      etypes.add(in.int32(0, "etype"));
      in.rest(); // Salt and parameters make keys of passwords, and there is none here.
      in.leave(outer, "ETYPE-INFO2");
    }
    in.leave(end, "ETYPE-INFO2");
    in.end("ETYPE-INFO2");
  }
}
