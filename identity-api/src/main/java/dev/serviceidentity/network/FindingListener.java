// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

/**
 * Hears what a view finds when it looks at itself. A view speaks to it on the thread that asks it
 * to look, and not after it has returned.
 */
public interface FindingListener {
  /**
   * Something is as it should be.
   *
   * @param subject what was looked at
   * @param detail what was found
   */
  void fine(String subject, String detail);

  /**
   * Something works, but needs a person.
   *
   * @param subject what was looked at
   * @param detail what was found
   * @param remedy what to do; empty if nothing
   */
  void doubtful(String subject, String detail, String remedy);

  /**
   * Something that is needed does not work.
   *
   * @param subject what was looked at
   * @param detail what was found
   * @param remedy what to do; empty if nothing
   */
  void broken(String subject, String detail, String remedy);
}
