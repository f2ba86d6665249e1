// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.wire;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/**
 * A realm and a PrincipalName as a message has them (RFC 4120 section 5.2.2). DER writes equal
 * names in one way only, and so names are compared without being decoded.
 *
 * @param realm the text of the realm
 * @param components the components, each a GeneralString
 */
public record RawName(Octets realm, Octets components) {
  private static final int MOST_COMPONENTS = 16;

  /**
   * Reads {@code [number] Realm, [number + 1] PrincipalName}.
   *
   * @param in where the realm comes next
   * @param number of the field of the realm
   * @param what how a message calls the value
   * @return where the message has it
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public static RawName read(TokenReader in, int number, String what) throws RefusedTokenException {
    Octets realm = in.field(number, TokenReader.GENERAL_STRING, what);
    int outer = in.enterField(number + 1, TokenReader.SEQUENCE, what);
    in.integer(0, what);
    int list = in.enterField(1, TokenReader.SEQUENCE, what);
    Octets components = in.ahead();
    for (int count = 0; in.hasMore(); count++) {
      if (count == MOST_COMPONENTS) {
        throw malformed(what + " has more than " + MOST_COMPONENTS + " components");
      }
      in.skip(TokenReader.GENERAL_STRING, what);
    }
    in.leave(list, what);
    in.leave(outer, what);
    return new RawName(realm, components);
  }

  /**
   * The name as a message would have it.
   *
   * @param name the principal
   * @return its bytes
   */
  public static RawName of(PrincipalName name) {
    var writer = new TokenWriter(64);
    for (int i = name.components().size() - 1; i >= 0; i--) {
      writer.value(TokenReader.GENERAL_STRING, bytes(name.components().get(i)));
    }
    return new RawName(Octets.of(bytes(name.realm())), Octets.of(writer.bytes()));
  }

  /**
   * The same, without the message that it stands in.
   *
   * @return of bytes of its own
   */
  public RawName copy() {
    return new RawName(Octets.of(realm.copy()), Octets.of(components.copy()));
  }

  /**
   * Whether it names the same.
   *
   * @param other another name
   * @return false if a byte differs
   */
  public boolean isSameAs(RawName other) {
    return components.isSameAs(other.components) && realm.isSameAs(other.realm);
  }

  /**
   * Makes text of it.
   *
   * @return the principal
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public PrincipalName decode() throws RefusedTokenException {
    var in = new TokenReader(components);
    var decoded = new ArrayList<String>();
    while (in.hasMore()) {
      decoded.add(in.text("a component of a name"));
    }
    return new PrincipalName(decoded, text(realm.copy()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
