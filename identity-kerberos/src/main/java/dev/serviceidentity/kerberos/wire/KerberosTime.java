// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.wire;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * KerberosTime (RFC 4120 section 5.2.3): a GeneralizedTime of exactly {@code YYYYMMDDhhmmssZ}, as
 * seconds since 1970. Read here and not by java.time, which takes ten times as long and more, and
 * reads forms that Kerberos does not have.
 */
public final class KerberosTime {
  private static final int LENGTH = 15;
  private static final int[] DAYS_BEFORE_MONTH = {
    0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365
  };

  /** Days from the beginning of year 0 to 1970. */
  private static final long DAYS_TO_1970 = 719_528;

  private KerberosTime() {}

  /**
   * Reads a time.
   *
   * @param text the content of a GeneralizedTime
   * @param what how a message calls the value
   * @return seconds since 1970
   * @throws RefusedTokenException if the value is not there, or not of that form
   */
  public static long seconds(Octets text, String what) throws RefusedTokenException {
    if (text.length() != LENGTH || text.at(LENGTH - 1) != 'Z') {
      throw malformed(what + " is not a time of the form YYYYMMDDhhmmssZ");
    }
    int year = number(text, 0, what) * 100 + number(text, 2, what);
    int month = number(text, 4, what);
    int day = number(text, 6, what);
    int hour = number(text, 8, what);
    int minute = number(text, 10, what);
    int second = number(text, 12, what);
    boolean known = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
    if (!known || hour > 23 || minute > 59 || second > 59) {
      throw malformed(what + " is not a time of the calendar");
    }
    long days = daysBefore(year) + DAYS_BEFORE_MONTH[month - 1] + day - 1 - DAYS_TO_1970;
    if (month > 2 && isLeap(year)) {
      days++;
    }
    return ((days * 24 + hour) * 60 + minute) * 60 + second;
  }

  /**
   * Writes a time.
   *
   * @param seconds since 1970, of the years 0 to 9999
   * @return the content of a GeneralizedTime
   */
  public static byte[] text(long seconds) {
    var time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
    byte[] text = new byte[LENGTH];
    put(text, 0, time.getYear() / 100);
    put(text, 2, time.getYear() % 100);
    put(text, 4, time.getMonthValue());
    put(text, 6, time.getDayOfMonth());
    put(text, 8, time.getHour());
    put(text, 10, time.getMinute());
    put(text, 12, time.getSecond());
    text[LENGTH - 1] = 'Z';
    return text;
  }

  private static void put(byte[] text, int index, int number) {
    text[index] = (byte) ('0' + number / 10);
    text[index + 1] = (byte) ('0' + number % 10);
  }

  private static int number(Octets text, int index, String what) throws RefusedTokenException {
    int tens = text.at(index) - '0';
    int ones = text.at(index + 1) - '0';
    if (tens < 0 || tens > 9 || ones < 0 || ones > 9) {
      throw malformed(what + " has something else than digits in its time");
    }
    return tens * 10 + ones;
  }

  private static long daysBefore(int year) {
    int past = year - 1;
    return year * 365L + past / 4 - past / 100 + past / 400 + (year > 0 ? 1 : 0);
  }

  private static int daysIn(int year, int month) {
    int days = DAYS_BEFORE_MONTH[month] - DAYS_BEFORE_MONTH[month - 1];
    return month == 2 && isLeap(year) ? days + 1 : days;
  }

  private static boolean isLeap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  }
}
