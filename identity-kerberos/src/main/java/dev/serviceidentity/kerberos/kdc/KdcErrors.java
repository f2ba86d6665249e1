// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import dev.serviceidentity.kerberos.ticket.PrincipalName;
import org.apache.kerby.kerberos.kerb.KrbErrorCode;

/** The errors of RFC 4120 section 7.5.9: what they are called, and what to do about them. */
public final class KdcErrors {
  private KdcErrors() {}

  /**
   * What an error is called.
   *
   * @param code its number
   * @return the name and number, or the number alone of one that nobody knows
   */
  public static String name(int code) {
    KrbErrorCode known = KrbErrorCode.fromValue(code);
    return known.getValue() == code ? known.name() + " (" + code + ")" : "error " + code;
  }

  /**
   * What to do about an error.
   *
   * @param code its number
   * @param own the client that it was told
   * @return a sentence or two, with a space before them
   */
  public static String cure(int code, PrincipalName own) {
    return switch (code) {
      case 1 -> " The account of " + own + " has expired; an administrator must extend it.";
      case 2 -> " The account of the service has expired; an administrator must extend it.";
      case 6 -> " Add the principal " + own + " to the KDC, or correct its name here.";
      case 7 ->
          " The KDC does not know that service: name it as its keytab does, with"
              + " Target.servicePrincipal(...) where the name does not follow from the host.";
      case 9 -> " An account has no key: give it one and write a keytab (kadmin: ktadd -k).";
      case 11 ->
          " The ticket would end before it begins: look at the clocks, and at the longest life of"
              + " tickets of the realm, of the service and of "
              + own
              + ".";
      case 12 -> " A policy of the KDC forbids it; the KDC's log says which.";
      case 14 -> strongKeys(own);
      case 18, 19, 20 ->
          " The KDC has locked or revoked an account; an administrator must release it.";
      case 21, 22 -> " An account is valid from a later time on; an administrator can change that.";
      case 23 -> " The account's key or password has expired; set a new one and write a keytab.";
      case 24, 31 -> wrongKey(own);
      case 27 ->
          " The KDC gives nobody an ordinary ticket for that service; an administrator can allow it"
              + " (with MIT's kadmin: modprinc +allow_svr).";
      case 28 -> " The KDC does not accept the realms on the way: see its capaths.";
      case 32 -> " Log in again.";
      case 37 -> " Synchronise the clock of this host with the KDC's.";
      case 68 -> " The principal is of another realm: name it with that one.";
      default -> " The KDC's log says more.";
    };
  }

  /**
   * What to do about a key that is not the KDC's.
   *
   * @param own the client whose key it is
   * @return a sentence, with a space before it
   */
  public static String wrongKey(PrincipalName own) {
    return " The key of "
        + own
        + " in the keytab is not the KDC's: write a new keytab (kadmin: ktadd -k).";
  }

  /** What to do where client and KDC have no type of keys in common. */
  static String strongKeys(PrincipalName own) {
    return " Give the principal AES keys in the KDC (RFC 8429) and write a new keytab; RC4, DES and"
        + " DES3 are not used. With MIT's: have aes types in permitted_enctypes and"
        + " supported_enctypes, then kadmin: cpw -randkey -e aes256-cts:normal "
        + own
        + " and ktadd -norandkey -k.";
  }
}
