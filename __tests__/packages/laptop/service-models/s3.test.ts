import { refusalOf, restRequest, type SentRequest } from "./requests";

describe("RequestCheck", () => {
  describe("in S3", () => {
    const s3 = (method: string, url: string, body?: string, headers = {}) =>
      restRequest("s3", method, url, body, headers);

    it.each<[string, SentRequest, string]>([
      [
        "a status that S3 does not know",
        s3("PUT", "/b?versioning", "<VersioningConfiguration><Status>On</Status></VersioningConfiguration>"),
        "MalformedXML",
      ],
      [
        "an element that S3 does not know",
        s3(
          "PUT",
          "/b?versioning",
          "<VersioningConfiguration><State>Enabled</State></VersioningConfiguration>",
        ),
        "MalformedXML",
      ],
      [
        "an element that occurs twice",
        s3(
          "PUT",
          "/b?versioning",
          "<VersioningConfiguration><Status>Enabled</Status><Status>Enabled</Status></VersioningConfiguration>",
        ),
        "MalformedXML",
      ],
      [
        "a document that ends too soon",
        s3("PUT", "/b?versioning", "<VersioningConfiguration>"),
        "MalformedXML",
      ],
      [
        "a rule without a status",
        s3("PUT", "/b?lifecycle", "<LifecycleConfiguration><Rule><ID>a</ID></Rule></LifecycleConfiguration>"),
        "MalformedXML",
      ],
      [
        "days that are no number",
        s3(
          "PUT",
          "/b?lifecycle",
          "<LifecycleConfiguration><Rule><Status>Enabled</Status><Expiration><Days>x</Days></Expiration></Rule></LifecycleConfiguration>",
        ),
        "MalformedXML",
      ],
      [
        "a storage class that S3 does not know",
        s3("PUT", "/b/k", "data", { "x-amz-storage-class": "COLD" }),
        "InvalidStorageClass",
      ],
      [
        "an ACL that S3 does not know",
        s3("PUT", "/b/k", "data", { "x-amz-acl": "everybody" }),
        "InvalidArgument",
      ],
    ])("refuses %s", (_, sent, code) => {
      const answer = refusalOf(sent)?.answer;

      expect(answer?.status).toBe(400);
      expect(`${answer?.body}`).toContain(`<Error><Code>${code}</Code>`);
    });

    const lifecycle = `<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
      <Rule><ID>old</ID><Filter><Prefix>a/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>90</Days></Expiration></Rule>
      <Rule><ID>b</ID><Filter></Filter><Status>Disabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>
    </LifecycleConfiguration>`;
    const acl = `<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>a</ID></Owner><AccessControlList><Grant>
      <Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>a</ID></Grantee><Permission>READ</Permission>
    </Grant></AccessControlList></AccessControlPolicy>`;

    it.each<[string, SentRequest]>([
      ["what replaced the deprecated operation of the same URI", s3("PUT", "/b?lifecycle", lifecycle)],
      [
        "a notification, likewise",
        s3(
          "PUT",
          "/b?notification",
          "<NotificationConfiguration><QueueConfiguration><Queue>arn</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration></NotificationConfiguration>",
        ),
      ],
      ["an ACL with a type in an attribute", s3("PUT", "/b?acl", acl)],
      ["a policy, which is no XML", s3("PUT", "/b?policy", "{}")],
      ["an object, whatever its body", s3("PUT", "/b/k%3F%25", "<Not><Xml>")],
      [
        "a bucket in the host",
        s3(
          "PUT",
          "/?versioning",
          "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
          { host: "b.s3.localhost:4566" },
        ),
      ],
      ["a bucket with a slash after it", s3("GET", "/b/?list-type=2&prefix=a%2F")],
      ["a part of an upload", s3("PUT", "/b/k?partNumber=1&uploadId=u", "data")],
      ["a copy", s3("PUT", "/b/k", undefined, { "x-amz-copy-source": "/b/other" })],
    ])("lets %s pass", (_, sent) => {
      expect(refusalOf(sent)).toBeUndefined();
    });
  });
});
