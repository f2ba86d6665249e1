// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is wrong with properties, in their own terms: each message begins with the property, or
 * group of properties, that it is about.
 */
public final class Misconfiguration {
  private Misconfiguration() {}

  /**
   * A property that is missing or cannot work.
   *
   * @param property its name, or that of a group
   * @param what what is wrong, and what to do
   * @return with code {@code CONFIGURATION}
   */
  public static IdentityException of(String property, String what) {
    return new IdentityException(Code.CONFIGURATION, property + ": " + what);
  }

  /**
   * Something that failed because of what a group of properties says, or for want of what it could
   * say.
   *
   * @param group the group of properties
   * @param failed why
   * @return the same, beginning with the group
   */
  public static IdentityException in(String group, IdentityException failed) {
    return new IdentityException(failed.code(), group + ": " + failed.getMessage(), failed);
  }

  /**
   * Reads what a property says.
   *
   * @param <T> what it is read as
   * @param property its name
   * @param reading throws {@code IllegalArgumentException}, or {@code IdentityException}, if it is
   *     malformed
   * @return what was read
   * @throws IdentityException naming the property, if it is malformed
   */
  public static <T> T reading(String property, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException malformed) {
      throw new IdentityException(
          Code.CONFIGURATION, property + ": " + malformed.getMessage(), malformed);
    } catch (IdentityException malformed) {
      throw in(property, malformed);
    }
  }

  /**
   * Refuses properties that mean nothing beside another one.
   *
   * @param said the property that was said
   * @param others those of them that were said, too
   * @throws IdentityException if there is any
   */
  public static void contradicts(String said, List<String> others) {
    if (!others.isEmpty()) {
      throw of(said, "contradicts " + String.join(", ", others) + "; leave either out");
    }
  }
}
