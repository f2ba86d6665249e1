// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** DER that is right, as a tree that a test takes apart and puts together wrongly. */
public final class DerNode {
  private static final int CONSTRUCTED = 0x20;

  private final int tag;
  private final byte[] content;
  private final List<DerNode> children = new ArrayList<>();

  private DerNode(int tag, byte[] content) {
    this.tag = tag;
    this.content = content;
    int at = 0;
    while ((tag & CONSTRUCTED) != 0 && at < content.length) {
      int end = end(content, at);
      children.add(of(Arrays.copyOfRange(content, at, end)));
      at = end;
    }
  }

  public static DerNode of(byte[] tlv) {
    return new DerNode(tlv[0] & 0xff, Arrays.copyOfRange(tlv, header(tlv, 0), tlv.length));
  }

  public byte[] der() {
    return (tag & CONSTRUCTED) == 0
        ? Der.tlv(tag, content)
        : Der.tlv(tag, children.stream().map(DerNode::der).toArray(byte[][]::new));
  }

  public byte[] content() {
    return content.clone();
  }

  /** The numbers of the fields of all sequences in it, such as 3.0 for field 0 inside field 3. */
  public List<String> fields() {
    var found = new ArrayList<String>();
    collect("", found);
    return found;
  }

  /** Takes a field out. */
  public DerNode without(String field) {
    DerNode parent = parent(field);
    parent.children.remove(parent.index(field));
    return this;
  }

  public DerNode twice(String field) {
    DerNode parent = parent(field);
    int index = parent.index(field);
    parent.children.add(index, parent.children.get(index));
    return this;
  }

  /** Changes places with the field behind it, or if there is none with that before it. */
  public DerNode swapped(String field) {
    DerNode parent = parent(field);
    int index = parent.index(field);
    Collections.swap(
        parent.children, index, index + 1 < parent.children.size() ? index + 1 : index - 1);
    return this;
  }

  /** Whether the field is the only one of its sequence, so that it has no other place. */
  public boolean isAlone(String field) {
    return parent(field).children.size() == 1;
  }

  private boolean isField() {
    return (tag & 0xe0) == 0xa0;
  }

  private void collect(String prefix, List<String> found) {
    for (DerNode child : children) {
      String name = child.isField() ? prefix + (child.tag & 0x1f) : prefix;
      if (child.isField()) {
        found.add(name);
      }
      child.collect(child.isField() ? name + "." : prefix, found);
    }
  }

  private DerNode parent(String field) {
    DerNode node = this;
    String[] numbers = field.split("\\.", -1);
    for (int i = 0; i < numbers.length; i++) {
      while (!node.children.get(0).isField()) {
        node = node.children.get(0);
      }
      if (i < numbers.length - 1) {
        node = node.children.get(node.index(numbers[i]));
      }
    }
    return node;
  }

  private int index(String field) {
    int number = Integer.parseInt(field.substring(field.lastIndexOf('.') + 1));
    for (int i = 0; i < children.size(); i++) {
      if (children.get(i).tag == (0xa0 | number)) {
        return i;
      }
    }
    throw new IllegalArgumentException("There is no field " + field);
  }

  private static int header(byte[] bytes, int at) {
    int length = bytes[at + 1] & 0xff;
    return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
  }

  private static int end(byte[] bytes, int at) {
    int start = header(bytes, at);
    int length = bytes[at + 1] & 0xff;
    for (int i = at + 2; i < start; i++) {
      length = (i == at + 2 ? 0 : length << 8) | (bytes[i] & 0xff);
    }
    return start + length;
  }
}
