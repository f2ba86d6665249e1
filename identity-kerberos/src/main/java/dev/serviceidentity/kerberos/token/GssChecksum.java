// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The authenticator's checksum of type 0x8003 (RFC 4121 section 4.1.1), which is none: it carries
 * the channel bindings and the flags of the GSS-API.
 *
 * @param bindings the hash of the channel bindings; sixteen zeros for none
 * @param flags the flags (section 4.1.1.1)
 */
public record GssChecksum(Octets bindings, int flags) {
  private static final int SHORTEST = 24;
  private static final int BINDINGS_LENGTH = 16;
  private static final int DELEGATION_HEADER = 28;
  private static final int DELEGATION = 1;
  private static final int MUTUAL = 2;
  private static final int REPLAY = 4;
  private static final int SEQUENCE = 8;
  private static final int INTEGRITY = 32;
  private static final int DCE_STYLE = 0x1000;

  static GssChecksum read(Octets content) throws RefusedTokenException {
    if (content.length() < SHORTEST) {
      throw malformed("the GSS-API checksum has " + content.length() + " bytes, not 24 or more");
    }
    if (content.littleEndian(0) != BINDINGS_LENGTH) {
      throw malformed("Lgth of the GSS-API checksum is not 16");
    }
    int flags = content.littleEndian(20);
    if ((flags & DELEGATION) != 0) {
      requireDelegation(content);
    }
    var bindings = new Octets(content.array(), content.offset() + 4, BINDINGS_LENGTH);
    return new GssChecksum(bindings, flags);
  }

  /**
   * What our tokens say: that we want mutual authentication and could detect replays, changes of
   * order and of content.
   *
   * @param bindings the hash of the channel bindings; sixteen zeros for none
   * @return what the checksum carries
   */
  public static byte[] ofInitiator(byte[] bindings) {
    return ByteBuffer.allocate(SHORTEST)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(BINDINGS_LENGTH)
        .put(bindings)
        .putInt(MUTUAL | REPLAY | SEQUENCE | INTEGRITY)
        .array();
  }

  /**
   * Whether the client wants the service to prove itself.
   *
   * @return its flag
   */
  public boolean wantsMutual() {
    return (flags & MUTUAL) != 0;
  }

  /**
   * Whether the client expects to send a third token (RFC 4757 section 7.1).
   *
   * @return its flag
   */
  public boolean isDceStyle() {
    return (flags & DCE_STYLE) != 0;
  }

  /**
   * Whether the token is bound to a connection.
   *
   * @return whether there is more than zeros
   */
  public boolean hasBindings() {
    int any = 0;
    for (int i = 0; i < BINDINGS_LENGTH; i++) {
      any |= bindings.at(i);
    }
    return any != 0;
  }

  /** The delegated credentials themselves are never used. */
  private static void requireDelegation(Octets content) throws RefusedTokenException {
    if (content.length() < DELEGATION_HEADER) {
      throw malformed("the flag for delegation is set and there are no delegated credentials");
    }
    int option = content.at(24) | content.at(25) << 8;
    int length = content.at(26) | content.at(27) << 8;
    if (option != 1 || length == 0 || length > content.length() - DELEGATION_HEADER) {
      throw malformed("the delegated credentials are empty, cut off or of another kind");
    }
  }
}
